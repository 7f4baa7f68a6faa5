import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../lib/config/schema.ts";
import { withTicks } from "../../lib/config/ticks.ts";

/** Beside the bundle. It was checked when the stack was made: here it is only read. */
export const configBeside = (folder: string): Config =>
  withTicks(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));

import { relative, resolve } from "node:path";
import { findConfig } from "../../config/find.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import type { Words } from "../command.ts";
import type { Io } from "../io.ts";
import { known } from "../known.ts";

type Subscriptions = NonNullable<NonNullable<Config["alerts"]>["subscriptions"]>;

/** Who is told, as the configuration says; nobody where there is none. */
export async function subscriptionsOf(words: Words, io: Io): Promise<Subscriptions> {
  const named = words.text("config");
  const file = named === undefined ? await findConfig(io.cwd) : resolve(io.cwd, named);
  if (file === undefined) return [];
  const config = await loadConfig(file, known, relative(io.cwd, file));
  return config.alerts?.subscriptions ?? [];
}

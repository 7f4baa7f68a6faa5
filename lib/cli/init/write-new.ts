import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { Words } from "../command.ts";
import { type Io, say } from "../io.ts";

/** Writes a configuration where none is. @throws UsageError where there is one, or none can be */
export async function writeNew(words: Words, text: string, io: Io): Promise<void> {
  const file = words.text("output") ?? "pgvigil.config.yaml";
  try {
    await writeFile(resolve(io.cwd, file), text, { flag: "wx" });
  } catch (error) {
    const taken = Object(error).code === "EEXIST";
    throw new UsageError(
      taken ? `${file} is there already` : `cannot write ${file}: ${messageOf(error)}`,
      taken
        ? "Name another with --output, or print the SQL alone: --sql-only"
        : "Name another with --output.",
      { cause: error },
    );
  }
  say(io, `wrote ${file}`);
}

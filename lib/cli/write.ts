import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, UsageError } from "../core/errors.ts";
import { type Io, say } from "./io.ts";
import { pour } from "./outlet.ts";

/**
 * What is too large to be one text.
 *
 * @param file stdout where it is absent
 * @throws UsageError naming the file and why it cannot be written
 */
export async function writeInPieces(
  file: string | undefined,
  texts: Iterable<string>,
  io: Io,
): Promise<void> {
  if (file === undefined) return pour(texts, io.stdout);
  try {
    await writeFile(resolve(io.cwd, file), texts);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${messageOf(error)}`, "Name another file.", {
      cause: error,
    });
  }
  say(io, `wrote ${file}`);
}

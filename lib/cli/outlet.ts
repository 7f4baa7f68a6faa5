import { once } from "node:events";
import type { Writable } from "node:stream";
import { messageOf } from "../core/errors.ts";
import { exitCodes } from "../core/exit-code.ts";

/** What becomes of a stream that takes no more, once the command is through. */
export interface Outlets {
  /** The exit code where something that should have been said was not. */
  readonly code: () => number | undefined;
}

/**
 * A stream that breaks is no fault of the program. A reader who has seen enough (`| head`) changes
 * nothing: what was to be done is done, and its exit code holds. A full disk is told.
 */
export function watchOutlets(stdout: Writable, stderr: Writable): Outlets {
  let code: number | undefined;
  stdout.on("error", (error) => {
    if (isReaderGone(error) || code !== undefined) return;
    code = exitCodes.usage;
    stderr.write(`pgvigil: cannot write to stdout: ${messageOf(error)}\n`);
  });
  // Whom could it be told?
  stderr.on("error", () => {});
  return { code: () => code };
}

const isReaderGone = (error: Error): boolean => "code" in error && error.code === "EPIPE";

/** Texts of any length, as fast as they are taken. Whoever takes no more gets no more. */
export async function pour(texts: Iterable<string>, into: Writable): Promise<void> {
  for (const text of texts) {
    if (into.errored !== null || into.destroyed) return;
    if (into.write(text)) continue;
    try {
      await once(into, "drain");
    } catch {
      return; // told by whoever watches the stream
    }
  }
}

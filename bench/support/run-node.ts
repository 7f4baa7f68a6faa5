import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as z from "zod";

const figuresSchema = z.object({
  ms: z.number(),
  cpuMs: z.number(),
  peakMb: z.number(),
  /** Objects. */
  unpacked: z.int(),
  differences: z.int(),
});

/** A program of ours in a process of its own, which prints its figures. */
export async function runNode(program: string, words: readonly string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words]);
  return figuresSchema.parse(JSON.parse(stdout));
}

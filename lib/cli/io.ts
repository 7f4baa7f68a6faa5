import type { Writable } from "node:stream";
import type { Clock } from "../core/ports.ts";

/** What a command sees of the world. stdout is data, stderr is talk. */
export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Is a person reading? */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  /** Of the terminal; 100 where there is none. */
  readonly columns: number;
  /** Lines of the terminal; absent where there is none. */
  readonly rows?: number | undefined;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export const say = (io: Io, line = ""): void => {
  io.stderr.write(`${line}\n`);
};

export const print = (io: Io, text: string): void => {
  io.stdout.write(text.endsWith("\n") || text === "" ? text : `${text}\n`);
};

/** https://no-color.org, and FORCE_COLOR as Node itself takes it. */
export function wantsColour(io: Io, stream: "stdout" | "stderr"): boolean {
  if (io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR && io.env.FORCE_COLOR !== "0") return true;
  return io.isTerminal[stream] && io.env.TERM !== "dumb";
}

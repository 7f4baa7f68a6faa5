import { Writable } from "node:stream";
import { main } from "../../lib/cli/main.ts";

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface World {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly signal?: AbortSignal;
  readonly now?: Date;
}

/** The program, in this process, with an environment of its own. */
export async function pgvigil(args: readonly string[], world: World = {}): Promise<Said> {
  const { terminal = false, cwd = "/", columns = 100, env = {} } = world;
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    stdout: into(out),
    stderr: into(err),
    env,
    cwd,
    isTerminal: { stdout: terminal, stderr: terminal },
    columns,
    clock: () => world.now ?? new Date(),
    signal: world.signal ?? new AbortController().signal,
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

const into = (lines: string[]): Writable =>
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });

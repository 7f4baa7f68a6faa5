import { spawn } from "node:child_process";
import { median } from "./median.ts";

/** One command, run as a whole process, as the operating system accounts for it. */
export interface Figures {
  readonly wall: number;
  /** Seconds of user and system time of the client's processes. */
  readonly cpu: number;
  /** Of the largest single process. */
  readonly peakMb: number;
}

export interface Candidate {
  readonly name: string;
  /** A shell line. */
  readonly command: string;
  /** It takes so long that one run has to do, a cold one. */
  readonly isOnce?: boolean;
}

/** GNU time gives CPU and peak memory of a command and all its children. */
async function measure(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Figures> {
  const started = performance.now();
  const child = spawn("/usr/bin/time", ["-f", "TIMED %U %S %M", "sh", "-c", command], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.on("data", (data) => {
    text += data;
  });
  await new Promise<void>((done, failed) => {
    child.on("close", () => done());
    child.on("error", () => failed(new Error("/usr/bin/time is not here: apt-get install time")));
  });
  const wall = (performance.now() - started) / 1000;
  const [, user, system, kilobytes] = /TIMED ([\d.]+) ([\d.]+) (\d+)/.exec(text) ?? [];
  if (kilobytes === undefined) throw new Error(`${command}: ${text}`);
  return { wall, cpu: Number(user) + Number(system), peakMb: Number(kilobytes) / 1024 };
}

/** The candidates in turn, A B C A B C …, so that a machine that drifts drifts for all of them. */
export async function inTurn(
  candidates: readonly Candidate[],
  runs: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, Figures>> {
  const all = new Map<string, Figures[]>(candidates.map(({ name }) => [name, []]));
  for (const { command, isOnce } of candidates) {
    if (!isOnce) await measure(command, env); // warm
  }
  for (let run = 0; run < runs; run += 1) {
    for (const { name, command, isOnce } of candidates) {
      if (!isOnce || run === 0) all.get(name)?.push(await measure(command, env));
    }
  }
  return new Map(
    [...all].map(([name, figures]) => [
      name,
      {
        wall: median(figures.map((f) => f.wall)),
        cpu: median(figures.map((f) => f.cpu)),
        peakMb: median(figures.map((f) => f.peakMb)),
      },
    ]),
  );
}

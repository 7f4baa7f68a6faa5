import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted, messageOf, UsageError } from "../../core/errors.ts";
import { type ExitCode, exitCodeOf, exitCodes, type FailOn } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { sayTime } from "../../core/units.ts";
import type { Watch, WatchVerdict } from "../../core/watch.ts";
import { watchLine } from "../../render/watch-line.ts";
import { newestWatch, openWatch } from "../../watch/keep.ts";
import { pictureOf } from "../../watch/picture.ts";
import type { Words } from "../command.ts";
import { type Io, print, say } from "../io.ts";
import { flagsOf, openFor } from "./begin.ts";
import { printed, type WatchFormat } from "./print.ts";
import { type Screen, screenOn } from "./screen.ts";
import { type Step, step, type Watching } from "./step.ts";

export const codeOf: Readonly<Record<WatchVerdict, ExitCode>> = {
  healthy: exitCodes.healthy,
  "healthy-with-notes": exitCodes.healthy,
  unknown: exitCodes.unknown,
  "not-healthy": exitCodes.findings,
};

/** As of several runs: findings before what is not known, and that before health. */
export const worstOf = (codes: readonly ExitCode[]): ExitCode =>
  [exitCodes.interrupted, exitCodes.findings, exitCodes.unknown].find((code) =>
    codes.includes(code),
  ) ?? exitCodes.healthy;

/** For cron: what is due of every open watch, each once, whatever becomes of the others. */
export async function runOnce(
  watchings: readonly Watching[],
  failOn: FailOn,
  format: WatchFormat,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const watching of watchings) {
    const { each, io } = watching;
    try {
      codes.push(await stepOnce(watching, failOn, format));
    } catch (error) {
      if (error instanceof Interrupted || error instanceof UsageError) throw error;
      say(io, printable(`pgvigil: ${sayTarget(each.target)}: ${messageOf(error)}`));
      codes.push(exitCodes.unknown);
    }
  }
  return worstOf(codes);
}

async function stepOnce(
  watching: Watching,
  failOn: FailOn,
  format: WatchFormat,
): Promise<ExitCode> {
  const { each, io } = watching;
  const done = await step(watching);
  if (done === undefined) {
    say(io, printable(`${sayTarget(each.target)}: no watch is open`));
    return exitCodes.healthy;
  }
  if (done.run !== undefined) {
    print(io, watchLine(pictureOf(done.watch, io.clock())));
    return exitCodeOf(done.run, failOn);
  }
  if (done.due.is !== "closing") {
    say(io, printable(waiting(done)));
    return exitCodes.healthy;
  }
  tellEnd(done, format, io);
  const { verdict = "unknown", because } = done.watch.closing ?? {};
  return because === "never-started" ? exitCodes.healthy : codeOf[verdict];
}

const waiting = ({ watch, due }: Step): string =>
  due.is === "nothing"
    ? `${sayTarget(watch.target)}: nothing is due before ${sayTime(due.nextAt.toISOString(), true)}`
    : `${sayTarget(watch.target)}: prepared, not yet deployed`;

function tellEnd({ watch, sealed }: Pick<Step, "watch" | "sealed">, format: WatchFormat, io: Io) {
  print(io, printed(watch, format, io));
  if (sealed !== undefined) {
    say(io, printable(`${sayTarget(watch.target)}: ${sealed}`));
  }
}

/** How often somebody else's `watch stop` or `watch start` is looked for, in milliseconds. */
const patience = 5000;
const redraw = 1000;

/** In the foreground, until every watch has ended. Ctrl-C prints how they stand, and leaves them. */
export async function runOn(
  watchings: readonly Watching[],
  words: Words,
  format: WatchFormat,
): Promise<ExitCode> {
  const [{ io } = noTargets()] = watchings;
  await begunOrOpened(watchings, words);
  const screen = screenOn(io);
  const ended: Step[] = [];
  try {
    await follow(watchings, screen, ended, io);
  } finally {
    screen.leave();
  }
  for (const one of ended) tellEnd(one, format, io);
  if (!io.signal.aborted) {
    if (ended.length === 0) return exitCodes.unknown;
    return worstOf(ended.map(({ watch }) => codeOf[watch.closing?.verdict ?? "unknown"]));
  }
  for (const { each, fleet } of watchings) {
    const watch = await openWatch(fleet.store, each.target);
    if (watch === undefined) continue;
    print(io, printed(watch, format, io));
    say(io, `The watch is open still. Go on: pgvigil watch run ${flagsOf(each)}`);
  }
  return exitCodes.interrupted;
}

const noTargets = (): never => {
  throw new UsageError("there is no target to watch", "--target ENV/NAME, or --url URL");
};

/** `--deploy` opens one where there is none; without it there has to be one. */
async function begunOrOpened(watchings: readonly Watching[], words: Words): Promise<void> {
  if (words.has("deploy")) {
    for (const watching of watchings) await openFor(watching, words);
    return;
  }
  for (const { each, fleet } of watchings) {
    if ((await openWatch(fleet.store, each.target)) !== undefined) return;
  }
  const [first] = watchings;
  throw new UsageError(
    "no watch is open",
    `pgvigil watch start ${first === undefined ? "" : flagsOf(first.each)} --deploy ID`,
  );
}

async function follow(
  watchings: readonly Watching[],
  screen: Screen,
  ended: Step[],
  io: Io,
): Promise<void> {
  const known = new Map<Watching, Watch>();
  const open = new Set(watchings);
  const pictures = () => [...known.values()].map((watch) => pictureOf(watch, io.clock()));
  while (!io.signal.aborted) {
    let wakeAt = io.clock().getTime() + patience;
    for (const watching of open) {
      const done = await calmly(() => step(watching), screen);
      if (done === "later") continue;
      if (done === undefined || done.due.is === "closing") {
        const last = done ?? (await endedElsewhere(watching, known.get(watching)));
        if (last !== undefined) ended.push(last);
        known.delete(watching);
        open.delete(watching);
        continue;
      }
      known.set(watching, done.watch);
      if (done.due.is === "look") wakeAt = io.clock().getTime();
      if (done.due.is === "nothing") wakeAt = Math.min(wakeAt, done.due.nextAt.getTime());
      screen.show(pictures());
    }
    if (open.size === 0) return;
    while (!io.signal.aborted && io.clock().getTime() < wakeAt) {
      await sleep(Math.min(redraw, wakeAt - io.clock().getTime()), undefined, {
        signal: io.signal,
      }).catch(() => undefined);
      screen.tick(pictures());
    }
  }
}

/** Who watches for two days outlives a store that is away for a minute. */
async function calmly<T>(work: () => Promise<T>, screen: Screen): Promise<T | "later"> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted) return "later";
    if (error instanceof UsageError) throw error;
    screen.trouble(messageOf(error));
    return "later";
  }
}

/** Stopped or superseded by somebody else: it is told all the same. */
async function endedElsewhere({ each, fleet }: Watching, before: Watch | undefined) {
  if (before === undefined) return undefined;
  const watch = await newestWatch(fleet.store, each.target);
  return watch === undefined ? undefined : { watch, due: { is: "closed" as const } };
}

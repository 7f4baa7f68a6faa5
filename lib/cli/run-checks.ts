import { openSession } from "../adapters/postgres/session.ts";
import type { Check } from "../core/check.ts";
import { UnreadableDocument } from "../core/document.ts";
import { UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { choose } from "../run/choose.ts";
import { examineFleet, type Task } from "../run/fleet.ts";
import { recall } from "../run/memory.ts";
import { beginRun, endRun } from "../run/run-document.ts";
import { baselineOf } from "../watch/baseline.ts";
import { type Open, readOpen } from "../watch/opened.ts";
import type { Fleet, FleetTarget } from "./fleet.ts";
import type { Io } from "./io.ts";
import { progressOn } from "./progress.ts";
import { version } from "./version.ts";

export interface Wish {
  readonly profile: ProfileName;
  /** Which checks, where a configuration adds some to a profile. */
  readonly checks: (adds: Fleet["adds"]) => readonly Check[];
  /** `manual` where absent. */
  readonly trigger?: RunDocument["run"]["trigger"];
}

/** One run over the fleet: looked at, judged, told of while it goes on. */
export async function runChecks(fleet: Fleet, wish: Wish, io: Io): Promise<RunDocument> {
  const head = beginRun(wish.profile, io.clock(), version, wish.trigger);
  const progress = progressOn(io, fleet.targets.length);
  const open = fleet.store && (await orExplain(readOpen, fleet.store));
  const tasks = await Promise.all(
    fleet.targets.map(async (each) => ({
      ...(await taskOf(each, fleet, wish, io, progress.step)),
      ...(await baselineFor(each, fleet.store, open)),
    })),
  );
  const reports = await examineFleet(tasks, fleet.limits, progress.done);
  progress.end();
  return endRun(head, reports, io.clock());
}

async function taskOf(
  { target, typed, reference, connection, levels, ignore, limits }: FleetTarget,
  { store, adds }: Fleet,
  { profile, checks }: Wish,
  io: Io,
  step: (target: string, done: number, of: number) => void,
): Promise<Task> {
  return {
    target,
    typed,
    profile,
    checks: choose(checks(adds), profile, levels(profile)),
    connect: () => openSession(connection.client, limits, io.signal),
    server: connection.serverKey,
    patience: limits.target,
    store,
    clock: io.clock,
    ignore,
    past: store === undefined ? () => undefined : await orExplain(recall, store, target),
    ...(store === undefined || reference === undefined
      ? {}
      : { reference: { target: reference, recall: () => orExplain(recall, store, reference) } }),
    signal: io.signal,
    onProgress: (done, of) => step(sayTarget(target), done, of),
  };
}

/** What checks remembered when the watch over the target began, while it is open. */
async function baselineFor({ target }: FleetTarget, store: Store | undefined, open?: Open) {
  const watch = open?.watches[sayTarget(target)]?.id;
  if (store === undefined || watch === undefined) return {};
  return { baseline: await orExplain(baselineOf, store, watch) };
}

/** Reads a document; where it cannot be read, its user is told what to do. */
async function orExplain<T, Rest extends readonly unknown[]>(
  read: (store: Store, ...rest: Rest) => Promise<T>,
  store: Store,
  ...rest: Rest
): Promise<T> {
  try {
    return await read(store, ...rest);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    throw new UsageError(
      error.message,
      `Move it out of ${store.place}, or name another store: --store DIR`,
      { cause: error },
    );
  }
}

/** Two targets that turned out to be one database, told from the outcome of server/identity. */
export const sameDatabase = ({ reports }: { readonly reports: readonly Report[] }) =>
  reports.flatMap(({ target, outcomes }) =>
    outcomes
      .filter(({ errorClass }) => errorClass === "same-database")
      .map(({ reason = "" }) => `${sayTarget(target)}: ${reason}`),
  );

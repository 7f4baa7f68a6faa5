import { openSession } from "../adapters/postgres/session.ts";
import type { Check } from "../core/check.ts";
import { UnreadableDocument } from "../core/document.ts";
import { UsageError } from "../core/errors.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { choose } from "../run/choose.ts";
import { examineFleet, type Task } from "../run/fleet.ts";
import { recall } from "../run/memory.ts";
import { beginRun, endRun } from "../run/run-document.ts";
import type { Fleet, FleetTarget } from "./fleet.ts";
import type { Io } from "./io.ts";
import { progressOn } from "./progress.ts";
import { version } from "./version.ts";

export interface Wish {
  readonly profile: ProfileName;
  /** Which checks, where a configuration adds some to a profile. */
  readonly checks: (adds: Fleet["adds"]) => readonly Check[];
}

/** One run over the fleet: looked at, judged, told of while it goes on. */
export async function runChecks(fleet: Fleet, wish: Wish, io: Io): Promise<RunDocument> {
  const head = beginRun(wish.profile, io.clock(), version);
  const progress = progressOn(io, fleet.targets.length);
  const tasks = await Promise.all(
    fleet.targets.map((each) => taskOf(each, fleet, wish, io, progress.step)),
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
    past: store === undefined ? () => undefined : await recallOrExplain(store, target),
    ...(store === undefined || reference === undefined
      ? {}
      : { reference: { target: reference, recall: () => recallOrExplain(store, reference) } }),
    signal: io.signal,
    onProgress: (done, of) => step(sayTarget(target), done, of),
  };
}

async function recallOrExplain(...[store, target]: Parameters<typeof recall>) {
  try {
    return await recall(store, target);
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

import type { Check } from "../core/check.ts";
import { UnreadableDocument } from "../core/document.ts";
import { UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { examineFleet } from "../run/fleet.ts";
import { beginRun, endRun } from "../run/run-document.ts";
import type { ReachedTarget } from "../service/targets.ts";
import { tasksOf } from "../service/tasks.ts";
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
  const { store, adds } = fleet;
  const looking = {
    ...{ profile: wish.profile, checks: wish.checks(adds), store, clock: io.clock },
    ...{ signal: io.signal, onProgress: progress.step },
  };
  const targets = fleet.targets.map((each) => reached(each, io));
  const tasks = await orExplain(store, () => tasksOf(targets, looking));
  const reports = await examineFleet(tasks, fleet.limits, progress.done);
  progress.end();
  return endRun(head, reports, io.clock());
}

/** How the command line gets there. */
const reached = (each: FleetTarget, io: Io): ReachedTarget => ({
  ...each,
  server: each.connection.serverKey,
  connect: () => each.open(each.limits, io.signal),
});

/** Where a document cannot be read, its user is told what to do. */
async function orExplain<T>(store: Store | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    throw new UsageError(
      error.message,
      `Move it out of ${store?.place}, or name another store: --store DIR`,
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

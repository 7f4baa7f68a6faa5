import type { Report } from "../core/report.ts";
import { countOutcomes, verdictOf } from "../core/report.ts";
import type { Server } from "../core/server.ts";
import { sayTarget, type Target } from "../core/target.ts";
import type { Examination } from "./examination.ts";
import { examine } from "./examine.ts";
import { skipped } from "./failure.ts";
import { judgesRules, withRules } from "./rules.ts";

/** An examination before it is known when it begins, and so when it must end. */
export interface Task extends Omit<Examination, "deadline" | "claim"> {
  /** Host and port: databases of one server are examined one after the other. */
  readonly server: string;
  /** Milliseconds that this target may take. */
  readonly patience: number;
}

export interface FleetLimits {
  /** Milliseconds that the run may take. */
  readonly run: number;
  /** Servers at once. */
  readonly concurrency: number;
}

/**
 * Examines every target of a run: servers at once, databases of one server one after the other, so
 * that nobody gets two of our connections and a dead host delays only its own databases. What did
 * not fit into the run's time is reported as skipped, never dropped.
 */
export async function examineFleet(
  tasks: readonly Task[],
  limits: FleetLimits,
  onReport: (report: Report) => void = () => undefined,
): Promise<readonly Report[]> {
  const [first] = tasks;
  if (first === undefined) return [];
  const end = first.clock().getTime() + limits.run;
  const claim = claims();
  const reports = new Map<Task, Report>();
  const queue = [...Map.groupBy(tasks, (task) => task.server).values()];
  const work = async (): Promise<void> => {
    for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
      for (const task of server) {
        const report = await inTime(task, end, claim);
        reports.set(task, report);
        onReport(report);
      }
    }
  };
  await Promise.all(Array.from({ length: limits.concurrency }, work));
  return withRules(
    tasks.flatMap((task) => ({ task, report: reports.get(task) ?? untouched(task) })),
  );
}

async function inTime(task: Task, end: number, claim: ReturnType<typeof claims>): Promise<Report> {
  const now = task.clock().getTime();
  const deadline = Math.min(now + task.patience, end);
  if (now >= end || task.signal?.aborted) return untouched(task);
  return examine({ ...task, deadline, claim: (server) => claim(task.target, server) });
}

function untouched({ target, checks, clock, signal }: Task): Report {
  const isStopped = signal?.aborted === true;
  const why = isStopped ? "the run was interrupted" : "the run's time was up";
  const cure = isStopped ? undefined : "Raise limits.run, or split the fleet.";
  const asked = checks.filter((chosen) => !judgesRules(chosen));
  const outcomes = asked.map(({ check }) => skipped(check.id, "out-of-time", why, cure));
  const at = clock().toISOString();
  return {
    target,
    startedAt: at,
    finishedAt: at,
    verdict: verdictOf(outcomes),
    counts: countOutcomes(outcomes),
    outcomes,
  };
}

/** Did the run end before it came to this target? */
export const isUntouched = ({ server, outcomes }: Report): boolean =>
  server === undefined && outcomes.every(({ cause }) => cause === "out-of-time");

/**
 * Who came first to each database. A replica has its primary's identifier and OIDs, and is told
 * from it and from other replicas by the time its own server started.
 */
function claims(): (target: Target, server: Server) => string | undefined {
  const owners = new Map<string, string>();
  return (target, { systemIdentifier, databaseOid, inRecovery, startedAt }) => {
    if (systemIdentifier === null) return undefined;
    const identity = [systemIdentifier, databaseOid, inRecovery ? startedAt : "primary"].join("/");
    const owner = owners.get(identity);
    if (owner === undefined) owners.set(identity, sayTarget(target));
    return owner;
  };
}

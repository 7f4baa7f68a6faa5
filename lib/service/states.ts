import type { Config } from "../config/schema.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget, type Target } from "../core/target.ts";
import type { HostState, HostStates } from "./pausable.ts";
import { placed } from "./place.ts";

const isNoAnswer = ({ check, status }: Outcome): boolean =>
  check === "server/unreachable" && status === "failed";

/** Who did not answer. */
export const unreachableIn = ({ reports }: Pick<RunDocument, "reports">): readonly Target[] =>
  reports.filter(({ outcomes }) => outcomes.some(isNoAnswer)).map(({ target }) => target);

/** The run, with what RDS says of those that did not answer: the cause often stands there. */
export function withStates(run: RunDocument, config: Config, states: HostStates): RunDocument {
  if (states.size === 0) return run;
  const hosts = new Map(placed(config).map(({ target, host }) => [sayTarget(target), host]));
  const reports = run.reports.map((report): Report => {
    const state = states.get(hosts.get(sayTarget(report.target)) ?? "");
    if (state === undefined) return report;
    return { ...report, outcomes: report.outcomes.map((each) => explained(each, state)) };
  });
  return { ...run, reports };
}

function explained(outcome: Outcome, { name, status }: HostState): Outcome {
  if (!isNoAnswer(outcome)) return outcome;
  const words = saying[status];
  const reason = `${outcome.reason ?? "no answer"}; RDS says that ${name} is ${words?.is ?? status}`;
  const cure = words?.cure?.(name);
  return { ...outcome, reason, ...(cure === undefined ? {} : { cure }) };
}

interface Words {
  readonly is: string;
  readonly cure?: (name: string) => string;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const saying: Readonly<Record<string, Words>> = {
  available: { is: "available: look at the network between, and at security groups" },
  stopped: {
    is: "stopped",
    cure: (name) => `Is it meant to be? aws rds start-db-instance --db-instance-identifier ${name}`,
  },
  "storage-full": {
    is: "out of storage",
    cure: (name) =>
      `Give it room: aws rds modify-db-instance --db-instance-identifier ${name} --allocated-storage GIB --apply-immediately`,
  },
  "failing-over": { is: "failing over: it should answer in a minute or two" },
};

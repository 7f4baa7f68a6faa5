import * as z from "zod";
import { encode, readDocument } from "../core/document.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Store } from "../core/ports.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import type { HostStates } from "./pausable.ts";
import type { PlacedTarget } from "./place.ts";

const stateSchema = z.looseObject({
  status: z.string(),
  name: z.string(),
  cluster: z.string().optional(),
});
type State = z.infer<typeof stateSchema>;

/**
 * `states/v1/E/hosts.json`: what RDS said at the last tick of an environment's targets, of which
 * some are not just available. Written by whoever may ask RDS, when it changed; read when a run
 * found somebody who does not answer.
 */
const statesSchema = z.looseObject({
  schemaVersion: z.literal(1),
  /** By `environment/name`. */
  targets: z.record(z.string(), stateSchema),
});

const keyOf = (environment: string): string =>
  `states/v1/${encodeURIComponent(environment)}/hosts.json`;

/** Keeps what RDS says of these targets. */
export async function keepStates(
  store: Store,
  fleet: readonly PlacedTarget[],
  states: HostStates,
): Promise<void> {
  for (const [environment, targets] of Map.groupBy(fleet, ({ target }) => target.environment)) {
    const key = keyOf(environment);
    const said = targets.flatMap(({ target, host }) => {
      const state = states.get(host);
      if (state === undefined) return [];
      const { status, name, cluster } = state;
      const kept = { status, name, ...(cluster === undefined ? {} : { cluster }) };
      return [[sayTarget(target), kept] as const];
    });
    const next = { schemaVersion: 1 as const, targets: Object.fromEntries(said) };
    // What cannot be read is written over: nothing in it outlives a tick.
    const before = await readDocument(store, key, statesSchema).catch(() => undefined);
    const now = before?.document.targets ?? {};
    if (
      said.length === Object.keys(now).length &&
      said.every(([name, { status }]) => now[name]?.status === status)
    )
      continue;
    await store.put(key, await encode(key, { ...before?.document, ...next }));
  }
}

const isNoAnswer = ({ check, status }: Outcome): boolean =>
  check === "server/unreachable" && status === "failed";

/** Reports of those who did not answer. */
export const unreachableIn = ({ reports }: Pick<RunDocument, "reports">): readonly Report[] =>
  reports.filter(({ outcomes }) => outcomes.some(isNoAnswer));

/** The run, with what RDS says of those that did not answer: the cause often stands there. */
export async function withStates(run: RunDocument, store: Store): Promise<RunDocument> {
  const environments = new Set(unreachableIn(run).map(({ target }) => target.environment));
  const states: Record<string, State> = {};
  for (const environment of environments) {
    // Without it the alert says what the database itself said.
    const kept = await readDocument(store, keyOf(environment), statesSchema).catch(() => undefined);
    Object.assign(states, kept?.document.targets);
  }
  const reports = run.reports.map((report): Report => {
    const state = states[sayTarget(report.target)];
    if (state === undefined) return report;
    return { ...report, outcomes: report.outcomes.map((each) => explained(each, state)) };
  });
  return { ...run, reports };
}

function explained(outcome: Outcome, state: State): Outcome {
  if (!isNoAnswer(outcome)) return outcome;
  const { name, status } = state;
  const words = saying[status];
  const reason = `${outcome.reason ?? "no answer"}; RDS says that ${name} is ${words?.is ?? status}`;
  const cure = words?.cure?.(state);
  return { ...outcome, reason, ...(cure === undefined ? {} : { cure }) };
}

interface Words {
  readonly is: string;
  readonly cure?: (state: State) => string;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const saying: Readonly<Record<string, Words>> = {
  available: { is: "available: look at the network between, and at security groups" },
  stopped: {
    is: "stopped",
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html
    cure: ({ name, cluster }) =>
      `Is it meant to be? aws rds ${cluster === undefined ? `start-db-instance --db-instance-identifier ${name}` : `start-db-cluster --db-cluster-identifier ${cluster}`}`,
  },
  "storage-full": {
    is: "out of storage",
    cure: ({ name }) =>
      `Give it room: aws rds modify-db-instance --db-instance-identifier ${name} --allocated-storage GIB --apply-immediately`,
  },
  "failing-over": { is: "failing over: it should answer in a minute or two" },
};

import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import type { Bulletin, Message, Outlet, Renderers } from "../../lib/core/alert.ts";
import { fingerprint } from "../../lib/core/fingerprint.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { ProfileName } from "../../lib/core/profile.ts";
import { countOutcomes, type Report, type RunDocument, verdictOf } from "../../lib/core/report.ts";
import type { Severity } from "../../lib/core/severity.ts";
import type { IncidentDocument } from "../../lib/incidents/document.ts";
import { notify } from "../../lib/incidents/notify.ts";
import type { Policy } from "../../lib/incidents/policy.ts";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { sweep } from "../../lib/incidents/sweep.ts";

export const target = { environment: "production", name: "orders" };

export const policy = (more: Partial<Policy> = {}): Policy => ({
  times: { critical: "now", warning: "digest", notice: "never" },
  owner: undefined,
  owners: [],
  maintenance: [],
  rhythms: {},
  isPausable: false,
  facts: (check) => ({
    failureTitle: `Title of ${check}`,
    why: "It matters.",
    ...(/^(activity|locks)\//.test(check) ? { live: true as const } : {}),
    ...(check === "constraints/not-validated" ? { expectedInDeployment: true as const } : {}),
    ...(check === "schema/drift-from-last" ? { once: true as const } : {}),
  }),
  looks: () => 1,
  isEnabled: () => true,
  isSameLook: () => true,
  ...more,
});

/** Minutes after noon. */
export const at = (minutes: number): string =>
  new Date(Date.parse("2026-11-20T12:00:00.000Z") + minutes * 60_000).toISOString();

export const found = (
  check: string,
  findings: Readonly<Record<string, Severity | Partial<Outcome["findings"][number]>>>,
  more: Partial<Outcome> = {},
): Outcome => ({
  check,
  status: Object.keys(findings).length > 0 ? "found" : "passed",
  scope: "all",
  findings: Object.entries(findings).map(([identity, given]) => {
    const object = { kind: "thing", identity };
    const said = typeof given === "string" ? { severity: given } : given;
    return {
      object,
      severity: "critical" as const,
      summary: `${identity} is ${said.severity ?? "critical"}`,
      evidence: {},
      fingerprint: fingerprint(check, target, object),
      ...said,
    };
  }),
  ...more,
});

export const passed = (check: string): Outcome => found(check, {});

export const blind = (check: string, cause: Outcome["cause"] = "privilege"): Outcome => ({
  ...{ check, status: "skipped", scope: "nothing", findings: [] },
  ...{ cause, reason: `may not read 3 tables`, cure: "GRANT pg_monitor TO pgvigil;" },
});

export const unreachable: Outcome = {
  ...{ check: "server/unreachable", status: "failed", scope: "no connection", findings: [] },
  ...{ cause: "unreachable", reason: "connect ECONNREFUSED", cure: "Is it running?" },
};

interface Run {
  readonly profile?: ProfileName;
  readonly server?: Report["server"];
  readonly id?: string;
  readonly of?: Report["target"];
}

export const server: NonNullable<Report["server"]> = {
  ...{ version: "18.4", versionNum: 180_004, database: "shop", databaseOid: 16_384 },
  ...{ role: "pgvigil", inRecovery: false, systemIdentifier: "7301", timeline: 1 },
  startedAt: "2026-11-01T00:00:00.000000Z",
};

export function runAt(minutes: number, outcomes: readonly Outcome[], more: Run = {}): RunDocument {
  const { profile = "pulse", of = target } = more;
  const startedAt = at(minutes);
  const isDown = outcomes.includes(unreachable);
  const answered = more.server ?? (isDown ? undefined : server);
  return {
    schemaVersion: 1,
    run: {
      id: more.id ?? `${startedAt}-${profile}`,
      profile,
      trigger: "schedule",
      startedAt,
      finishedAt: startedAt,
      pgvigil: "0.1.0",
    },
    reports: [
      {
        ...{ target: of, startedAt, finishedAt: startedAt, outcomes: [...outcomes] },
        ...(answered === undefined ? {} : { server: answered }),
        verdict: verdictOf(outcomes),
        counts: countOutcomes(outcomes),
      },
    ],
  };
}

/** Messages are the bulletins themselves, so that tests see what was told. */
export const renderers: Renderers = {
  bulletin: (bulletin) => [
    { id: bulletin.id, topic: "events", body: JSON.stringify(bulletin), attributes: {} },
  ],
  digest: (digest) => [
    { id: digest.id, topic: "events", body: JSON.stringify(digest), attributes: {} },
  ],
  plain: (message) => ({ ...message, body: "plain" }),
};

/** A target with its store, a clock that is turned by hand, and what was sent. */
export function world(given: Partial<Policy> = {}) {
  const store = memoryStore();
  const sent: Message[] = [];
  let rules = policy(given);
  let minutes = 0;
  let failure: Error | undefined;
  const outlet: Outlet = {
    name: "test",
    async send(message) {
      if (failure !== undefined) throw failure;
      sent.push(message);
    },
  };
  const how = {
    ...{ store, policyOf: () => rules, delivery: { renderers, outlets: [outlet] } },
    clock: () => new Date(at(minutes)),
  };
  const bulletins = () => sent.map(({ body }): Bulletin => JSON.parse(body));
  let told = 0;
  return {
    ...{ store, sent, how, bulletins },
    /** What was said since it was asked last: `opened a`, `resolved b`. */
    told(): string[] {
      const news = bulletins().slice(told);
      told = sent.length;
      return news.flatMap(({ alerts }) =>
        alerts.map(({ status, finding }) => `${status} ${finding.object.identity}`),
      );
    },
    policy(more: Partial<Policy>): void {
      rules = policy({ ...given, ...more });
    },
    fail(error: Error | undefined): void {
      failure = error;
    },
    async look(now: number, outcomes: readonly Outcome[], more: Run = {}) {
      minutes = now;
      return notify(runAt(now, outcomes, more), how);
    },
    async receive(now: number, run: RunDocument) {
      minutes = now;
      return notify(run, how);
    },
    async sweep(now: number, targets: readonly Report["target"][] = [target]) {
      minutes = now;
      return sweep({ ...how, targets });
    },
    async document(): Promise<IncidentDocument> {
      const document = await loadIncidents(store, target);
      if (document === undefined) throw new Error("no document yet");
      return document;
    },
  };
}

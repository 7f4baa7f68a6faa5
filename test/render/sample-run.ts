import type { Finding } from "../../lib/core/finding.ts";
import { fingerprint } from "../../lib/core/fingerprint.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import { countOutcomes, type Report, type RunDocument, verdictOf } from "../../lib/core/report.ts";
import type { CheckWords, RenderContext } from "../../lib/render/context.ts";

const words = (title: string, failureTitle: string, why: string): CheckWords => ({
  title,
  failureTitle,
  why,
  source: "https://www.postgresql.org/docs/current/index.html (a page)",
});

export const context: RenderContext = {
  catalogue: new Map([
    [
      "indexes/invalid",
      words(
        "Every index is valid",
        "Index that PostgreSQL does not use",
        "It costs every write and serves no query; an invalid unique index refuses no duplicate.",
      ),
    ],
    [
      "locks/blocking-chain",
      words(
        "Nobody waits for long behind another session",
        "Sessions wait behind one",
        "Every waiter holds its connection and its own locks meanwhile.",
      ),
    ],
    [
      "constraints/not-validated",
      words(
        "Every constraint was held against every row",
        "Constraint never held against its old rows",
        "PostgreSQL enforces it for new rows only, and the planner does not trust it.",
      ),
    ],
    [
      "server/unreachable",
      words(
        "The database answers",
        "The database does not answer",
        "What cannot be asked cannot be known.",
      ),
    ],
  ]),
  colour: false,
  width: 100,
  failOn: "warning",
  evidence: false,
  version: "1.0.0",
};

const production = { environment: "production", name: "orders" };

type Draft = Omit<Finding, "fingerprint">;

export const outcome = (
  check: string,
  status: Outcome["status"],
  more: Partial<Omit<Outcome, "findings">> & { findings?: readonly Draft[] } = {},
  target = production,
): Outcome => ({
  check,
  status,
  scope: "not looked at",
  ...more,
  findings: (more.findings ?? []).map((draft) => ({
    ...draft,
    fingerprint: fingerprint(check, target, draft.object),
  })),
});

export const reportOf = (outcomes: readonly Outcome[], more: Partial<Report> = {}): Report => ({
  target: production,
  server: {
    version: "16.4",
    versionNum: 160_004,
    database: "orders",
    databaseOid: 16_384,
    role: "pgvigil",
    inRecovery: false,
    systemIdentifier: "7301122334455667788",
    timeline: 1,
    startedAt: "2026-11-01T00:00:00.000000Z",
  },
  startedAt: "2026-11-20T03:00:00.112Z",
  finishedAt: "2026-11-20T03:00:03.904Z",
  verdict: verdictOf(outcomes),
  counts: countOutcomes(outcomes),
  outcomes: [...outcomes],
  ...more,
});

export const runOf = (...reports: readonly Report[]): RunDocument => ({
  schemaVersion: 1,
  run: {
    id: "20261120T030000Z-nightly-5f2c",
    profile: "nightly",
    trigger: "schedule",
    startedAt: "2026-11-20T03:00:00Z",
    finishedAt: "2026-11-20T03:00:04Z",
    pgvigil: "1.0.0",
  },
  reports: [...reports],
});

const blockingChain: Draft = {
  object: { kind: "session", identity: "billing billing-worker public.invoices" },
  severity: "critical",
  summary:
    "14 sessions wait up to 5 min 58 s behind billing-worker (user billing), idle in transaction, for public.invoices",
  detail: ["Every read and write of public.invoices waits.", "It holds ACCESS EXCLUSIVE."],
  evidence: {
    waiters: 14,
    oldestSeconds: 358,
    idle: true,
    application: "billing-worker",
    nothing: null,
    modes: ["AccessExclusiveLock", "RowExclusiveLock"],
    sessions: [48240, 48241, 48242, 48243].map((pid) => ({ pid, role: "web", waitSeconds: 300 })),
  },
  remedy: {
    summary: "Ask the owner of billing-worker; then cancel what it does.",
    sql: "SELECT pg_catalog.pg_cancel_backend(pid)\n  FROM pg_catalog.pg_stat_activity\n WHERE pid = 48211\n   AND xact_start = '2026-11-20 03:11:52.114206+00';",
    undo: "None: its uncommitted work is lost.",
    otherwise: {
      summary: "If it idles in its transaction, only the end of the session helps.",
      sql: "SELECT pg_catalog.pg_terminate_backend(pid)\n  FROM pg_catalog.pg_stat_activity\n WHERE pid = 48211\n   AND xact_start = '2026-11-20 03:11:52.114206+00';",
    },
  },
};

const invalidIndex: Draft = {
  object: {
    kind: "index",
    schema: "public",
    name: "orders_number_key",
    table: "orders",
    identity: "public.orders_number_key",
  },
  severity: "critical",
  summary: "Unique index public.orders_number_key is invalid: duplicates are not refused",
  evidence: { isUnique: true, isReady: true, sizeBytes: 48_259_072, beingBuilt: false },
  remedy: {
    summary: "Mend the duplicates, then rebuild without blocking writes.",
    sql: "REINDEX INDEX CONCURRENTLY public.orders_number_key;",
    lock: "SHARE UPDATE EXCLUSIVE: reads and writes go on",
    undo: "None needed; a failed try leaves orders_number_key_ccnew to drop.",
  },
};

const leftover: Draft = {
  object: {
    kind: "index",
    schema: "public",
    name: "orders_at_ccnew",
    identity: "public.orders_at_ccnew",
  },
  severity: "notice",
  summary: "public.orders_at_ccnew is the leftover of a REINDEX CONCURRENTLY that failed",
  evidence: {},
};

const notValidated = (i: number): Draft => ({
  object: {
    kind: "constraint",
    schema: "public",
    name: `c${i}`,
    identity: `c${i} on public.t${i}`,
  },
  severity: "warning",
  summary: `check c${i} on public.t${i} is NOT VALID`,
  evidence: {},
});

/** Every state there is: passed, found in three severities, each cause, failed, ignored. */
export const everything = reportOf([
  outcome("server/unreachable", "passed", { scope: "PostgreSQL 16.4, database orders as pgvigil" }),
  outcome("locks/blocking-chain", "found", { scope: "61 sessions", findings: [blockingChain] }),
  outcome("indexes/invalid", "found", {
    scope: "311 indexes in 4 schemas",
    findings: [invalidIndex, leftover],
    ignored: 2,
  }),
  outcome("constraints/not-validated", "found", {
    scope: "900 of 941 constraints",
    cause: "privilege",
    reason: "no USAGE on schema billing",
    cure: "GRANT USAGE ON SCHEMA billing TO pgvigil;",
    findings: Array.from({ length: 412 }, (_, i) => notValidated(i + 1)),
    ignored: 1,
  }),
  outcome("integrity/foreign-key-orphans", "skipped", {
    cause: "privilege",
    scope: "41 of 43 foreign keys covered, 0 orphans",
    reason: "no SELECT on billing.payouts, billing.refunds",
    cure: "GRANT SELECT (id, account_id) ON billing.payouts, billing.refunds TO pgvigil;",
  }),
  outcome("capacity/sequence-exhaustion", "skipped", {
    cause: "lock",
    reason: "public.invoices_id_seq is locked by an ALTER TABLE",
  }),
  outcome("capacity/wraparound", "skipped", {
    cause: "timeout",
    reason: "no answer within 5 s",
    cure: "Raise limits.statement, or look at a quieter hour: the server was too busy to say how old its oldest transactions are.",
  }),
  ...["capacity/growth", "capacity/disk"].map((check) =>
    outcome(check, "skipped", {
      cause: "out-of-time",
      reason: "the target's time was up",
      cure: "Raise limits.target, or split the fleet.",
    }),
  ),
  outcome("migrations/dirty", "failed", {
    cause: "error",
    reason: 'schema-migrations: version is "x": expected a number',
    errorClass: "unexpected-answer",
  }),
  outcome("schema/drift-from-baseline", "skipped", {
    cause: "not-applicable",
    scope: "no baseline",
    reason: "nothing sealed yet",
    cure: 'pgvigil seal --target production/orders --why "..."',
  }),
  outcome("constraints/not-enforced", "skipped", {
    cause: "not-applicable",
    reason: "needs PostgreSQL 18 or newer",
  }),
  outcome("activity/prepared-transaction", "passed", { scope: "0 prepared transactions" }),
]);

const atCatalog = { environment: "production", name: "catalog" };
const full: Draft = {
  object: { kind: "server", identity: "server" },
  severity: "critical",
  summary: "Nobody can connect: every connection slot of the server is taken",
  detail: ["The server said: sorry, too many clients already"],
  evidence: { sqlstate: "53300" },
  remedy: { summary: "End idle sessions, or put a pooler in between." },
};
const silent = {
  cause: "unreachable",
  reason: "sorry, too many clients already",
  cure: "End idle sessions, or put a pooler in between.",
} as const;

/** The server is full: a finding of its own, and everything else is blind. */
const serverFull = reportOf(
  [
    outcome(
      "server/unreachable",
      "failed",
      { ...silent, scope: "no connection", errorClass: "too-many-connections", findings: [full] },
      atCatalog,
    ),
    outcome("indexes/invalid", "skipped", silent, atCatalog),
    outcome("constraints/not-validated", "skipped", silent, atCatalog),
  ],
  { target: atCatalog, server: undefined },
);

export const healthy = reportOf(
  [
    outcome("server/unreachable", "passed", {
      scope: "PostgreSQL 16.4, database orders as pgvigil",
    }),
    outcome("indexes/invalid", "passed", { scope: "311 indexes in 4 schemas" }),
  ],
  { target: { environment: "staging", name: "orders" } },
);

export const one = runOf(everything);
export const fleet = runOf(everything, serverFull, healthy);

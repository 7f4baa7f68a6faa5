import type { Alert, Digest } from "../../../lib/core/alert.ts";
import type { Target } from "../../../lib/core/target.ts";
import { alert, finding } from "./sample-bulletin.ts";

const at = (environment: string, name: string): Target => ({ environment, name });

const row = (
  target: Target,
  changes: Partial<Digest["targets"][number]> = {},
): Digest["targets"][number] => ({
  target,
  lookedAt: "2026-11-20T03:00:04Z",
  isUnseen: false,
  blindChecks: 0,
  critical: 0,
  warning: 0,
  notice: 0,
  known: 0,
  ...changes,
});

const told = (target: Target, changes: Partial<Alert>) => ({ target, alert: alert(changes) });

const orders = at("production", "orders");

const invalid = told(orders, {
  severity: "warning",
  check: "indexes/invalid",
  openedAt: "2026-11-19T03:00:00Z",
  finding: finding({
    fingerprint: "00aa11bb22cc33dd",
    severity: "warning",
    summary: "Unique index public.orders_number_key is invalid: duplicates are not refused",
  }),
});

/** A fleet of forty: two unseen, three with blind spots, one just taken over. */
export const digest = (changes: Partial<Digest> = {}): Digest => ({
  id: "0123456789abcdef0123456789abcdef",
  at: "2026-11-20T08:00:00Z",
  since: "2026-11-19T08:00:00Z",
  targets: [
    row(orders, { critical: 1, warning: 2, notice: 4, known: 3, blindChecks: 1 }),
    row(at("production", "catalog"), { firstSeen: 41, warning: 9, blindChecks: 2 }),
    row(at("staging", "orders"), { isUnseen: true, lookedAt: "2026-11-18T03:00:04Z" }),
    row(at("staging", "archive"), { isUnseen: true, lookedAt: undefined }),
    ...Array.from({ length: 36 }, (_, i) =>
      row(at("production", `shard-${i + 1}`), { blindChecks: i === 0 ? 1 : 0 }),
    ),
  ],
  open: [told(orders, {}), invalid],
  began: [told(orders, {})],
  ended: [
    told(at("production", "catalog"), {
      severity: "warning",
      status: "resolved",
      check: "activity/long-transaction",
      openedAt: "2026-11-19T22:10:00Z",
      resolvedAt: "2026-11-19T23:40:00Z",
      finding: finding({ summary: "Transaction of etl (loader) is open for 1 h 30 min (pid 99)" }),
    }),
  ],
  unknown: [
    {
      check: "statements/regression",
      reason: "pg_stat_statements is absent",
      cure: "CREATE EXTENSION pg_stat_statements;",
      targets: Array.from({ length: 38 }, (_, i) => at("production", `shard-${i + 1}`)),
    },
    {
      check: "integrity/foreign-key-orphans",
      reason: "no SELECT on billing.payouts",
      cure: "GRANT SELECT (id, account_id) ON billing.payouts, billing.accounts TO pgvigil;",
      targets: [orders],
    },
  ],
  watches: [{ id: "w1", target: orders, deploy: "release-42", until: "2026-11-21T03:00:00Z" }],
  ...changes,
});

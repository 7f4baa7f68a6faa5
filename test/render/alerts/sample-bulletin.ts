import type { Alert, Bulletin } from "../../../lib/core/alert.ts";
import type { Finding } from "../../../lib/core/finding.ts";

const guard = [
  " WHERE pid = 48211",
  "   AND backend_start = '2026-11-20 02:11:50.001+00'::timestamptz",
  "   AND xact_start = '2026-11-20 03:11:52.114206+00'::timestamptz;",
].join("\n");

const blocking: Finding = {
  fingerprint: "7f3a91c2d04be518",
  object: { kind: "session", identity: "billing (billing-worker) on public.invoices" },
  severity: "critical",
  summary: "14 sessions blocked 5 min 58 s on public.invoices, behind billing (billing-worker)",
  detail: [
    "billing (billing-worker), pid 48211, idle in transaction for 6 min 20 s, holds ACCESS EXCLUSIVE on public.invoices.",
    "pid 48240, shop (web), waits 5 min 58 s for ACCESS SHARE on public.invoices.",
    "pid 48307, shop (web), waits 5 min 31 s for ACCESS SHARE on public.invoices.",
  ],
  evidence: { pid: 48_211, waiting: 14, seconds: 358 },
  measure: { value: 14, unit: "count", of: "sessions waiting" },
  remedy: {
    summary: "Ask its owner to commit or roll back.",
    sql: `SELECT state, state_change, client_addr, query\n  FROM pg_catalog.pg_stat_activity\n${guard}`,
    otherwise: {
      summary: "End the session: uncommitted work is lost; a cancel does nothing.",
      sql: `SELECT pg_catalog.pg_terminate_backend(pid)\n  FROM pg_catalog.pg_stat_activity\n${guard}`,
    },
  },
};

export const finding = (changes: Partial<Finding> = {}): Finding => ({ ...blocking, ...changes });

export const alert = (changes: Partial<Alert> = {}): Alert => ({
  id: "7f3a91c2d04be518-opened-20261120T031812Z",
  status: "opened",
  at: "2026-11-20T03:18:12.114Z",
  check: "locks/blocking-chain",
  title: "Sessions wait behind one that does not let go",
  why: "Whatever they do stands still, their connections stay taken, and more join them.",
  severity: "critical",
  finding: blocking,
  openedAt: "2026-11-20T03:12:12Z",
  samples: [
    { at: "2026-11-20T03:13:12Z", value: 3 },
    { at: "2026-11-20T03:15:42Z", value: 9 },
    { at: "2026-11-20T03:18:12Z", value: 14 },
  ],
  consequences: [
    {
      check: "activity/long-transaction",
      summary: "Transaction of billing (billing-worker) is open for 6 min 20 s (pid 48211)",
    },
  ],
  owner: { name: "payments", contact: "#payments, +49 30 5550 100" },
  ...changes,
});

export const bulletin = (changes: Partial<Bulletin> = {}): Bulletin => ({
  id: "production-orders-20261120T031812Z",
  at: "2026-11-20T03:18:12.114Z",
  target: { environment: "production", name: "orders" },
  run: {
    id: "20261120T031812Z-pulse-5f2c",
    profile: "pulse",
    at: "2026-11-20T03:18:12.114Z",
    pgvigil: "1.0.0",
  },
  alerts: [alert()],
  changes: [
    {
      at: "2026-11-20T03:11:40Z",
      kind: "migration",
      text: "migration 42 of golang-migrate was applied",
    },
    {
      at: "2026-11-19T22:02:00Z",
      kind: "drift",
      text: "column public.invoices.total was changed: numeric -> numeric(14,2)",
    },
  ],
  alsoHere: { critical: 0, warning: 1, notice: 2 },
  notChecked: [
    {
      check: "capacity/replication-slot",
      reason: "needs pg_monitor",
      cure: "GRANT pg_monitor TO pgvigil;",
    },
  ],
  links: { report: "https://d111.example/production/orders/2026-11-20T0318Z.html" },
  ...changes,
});

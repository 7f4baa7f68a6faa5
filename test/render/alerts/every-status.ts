import type { Alert, Bulletin } from "../../../lib/core/alert.ts";
import { alert, bulletin, finding } from "./sample-bulletin.ts";

const one = (changes: Partial<Alert>, more: Partial<Bulletin> = {}): Bulletin =>
  bulletin({ alerts: [alert(changes)], ...more });

const noSamples = { samples: [], consequences: [] };

const target = { kind: "target", identity: "production/orders" };

const unreachable = finding({
  fingerprint: "aa11bb22cc33dd44",
  object: { kind: "database", identity: "production/orders" },
  summary: "production/orders does not answer: connect ECONNREFUSED 10.0.3.7:5432",
  detail: ["Every other check of it is blind meanwhile."],
  evidence: { errorClass: "unreachable" },
  measure: undefined,
  remedy: { summary: "Is the server running, and is this its port?" },
});

const unreachableAlert = {
  ...noSamples,
  check: "server/unreachable",
  title: "The database does not answer",
  why: "What cannot be asked cannot be known: every other check of this target is blind meanwhile.",
  finding: unreachable,
};

/** A bulletin of every status that there is. */
export const bulletins: ReadonlyMap<string, Bulletin> = new Map([
  ["opened", one({})],
  ["worsened", one({ status: "worsened", before: "warning" })],
  ["eased", one({ status: "eased", before: "critical", severity: "warning" })],
  [
    "reminded",
    one({
      status: "reminded",
      at: "2026-11-20T07:18:12Z",
      note: "Acknowledged by ada until 2026-11-20 07:00 UTC (at it): it is still there.",
    }),
  ],
  [
    "resolved",
    one(
      {
        status: "resolved",
        at: "2026-11-20T03:21:12Z",
        resolvedAt: "2026-11-20T03:21:12Z",
        note: "pid 48211 ended; the waiters went on",
        peak: {
          severity: "critical",
          at: "2026-11-20T03:18:12Z",
          summary: "14 sessions blocked 5 min 58 s on public.invoices, behind billing",
        },
      },
      { at: "2026-11-20T03:21:12Z" },
    ),
  ],
  [
    "flapping",
    one({
      status: "flapping",
      note: "It came 3 times within two hours: it is told again when it stays, or stays away.",
    }),
  ],
  ["unreachable", one(unreachableAlert, { changes: [], notChecked: [] })],
  [
    "unseen",
    one(
      {
        ...noSamples,
        status: "unseen",
        check: "server/unseen",
        title: "Nobody looks at the target",
        why: "What is not looked at is not known to be well: no look came for two rhythms of its profile.",
        finding: finding({
          fingerprint: "ee55ff6600112233",
          object: target,
          summary:
            "Nobody looked at production/orders for two rhythms (pulse: last on 2026-11-20 01:03 UTC)",
          detail: ["The look is 2 h 5 min late: whatever happens there is not seen."],
          measure: undefined,
          remedy: { summary: "Find out why no run comes: its schedule, its log, its network." },
        }),
      },
      { run: undefined, changes: [], notChecked: [], links: {} },
    ),
  ],
  [
    "unknown",
    one({
      ...noSamples,
      status: "unknown",
      severity: "warning",
      check: "integrity/foreign-key-orphans",
      title: "Rows that refer to nothing, under a foreign key",
      why: "PostgreSQL takes a foreign key's word for it.",
      finding: finding({
        fingerprint: "0badc0de0badc0de",
        object: { kind: "check", identity: "integrity/foreign-key-orphans" },
        severity: "warning",
        summary: "integrity/foreign-key-orphans cannot say: no SELECT on billing.payouts",
        detail: [],
        measure: undefined,
        remedy: {
          summary: "Give the role the right to look.",
          sql: "GRANT SELECT (id, account_id) ON billing.payouts, billing.accounts TO pgvigil;",
        },
      }),
    }),
  ],
  [
    "event",
    one({
      ...noSamples,
      status: "event",
      severity: "warning",
      check: "server/identity",
      title: "The target became another server",
      why: "After a failover, restore, upgrade or restart counters begin anew.",
      finding: finding({
        fingerprint: "1234123412341234",
        object: target,
        summary: "production/orders: Failed over: a replica became the primary",
        detail: ["Counters begin anew, and nothing that ended with it is told as a recovery."],
        measure: undefined,
        remedy: undefined,
      }),
    }),
  ],
  [
    "verdict",
    one(
      {
        ...noSamples,
        status: "verdict",
        severity: "warning",
        check: "watch/verdict",
        title: "The watch ended: not healthy",
        why: "What a deployment breaks often shows within two days: this is how they went.",
        finding: finding({
          fingerprint: "5678567856785678",
          object: { kind: "deployment", identity: "release-42" },
          summary: "The watch over release-42 on production/orders ended: not healthy",
          detail: [
            "[PASS] Migrations: none dirty",
            "[PASS] Schema: as sealed",
            "[FAIL] Statements: 1 call takes 12 times as long as before",
            "[????] Foreign keys: 2 of 43 could not be counted",
          ],
          measure: undefined,
          remedy: { summary: "The sign-off: pgvigil watch status --format markdown" },
        }),
      },
      {
        watch: {
          id: "production/orders/20261118T030000Z-5f2c",
          deploy: "release-42",
          since: "2026-11-18T03:00:00Z",
        },
      },
    ),
  ],
  [
    "unreadable",
    one({
      ...noSamples,
      status: "unreadable",
      check: "incidents/unreadable",
      title: "The record of incidents cannot be read",
      why: "What was told, acknowledged and resolved is in it: alerts of this target are raw without it.",
      finding: finding({
        fingerprint: "deaddeaddeaddead",
        object: { kind: "document", identity: "incidents/v1/production/orders.json" },
        summary:
          "The incidents of production/orders cannot be read: incidents/v1/production/orders.json cannot be read: Unexpected end of JSON input",
        detail: ["Until it is mended nothing is known of what was told, acknowledged or resolved."],
        measure: undefined,
        remedy: {
          summary:
            "Use the release that wrote it, or move the document out of the store: incidents begin anew.",
        },
      }),
    }),
  ],
  [
    "test",
    one(
      {
        ...noSamples,
        status: "test",
        check: "alerts/test",
        title: "A test of the alerts",
        why: "An alert that nobody receives is none: send one now and then.",
        finding: finding({
          fingerprint: "7e577e577e577e57",
          object: { kind: "alert", identity: "test" },
          summary: "This is a test: pgvigil can reach you here. Nothing is wrong",
          detail: ["There is nothing to do."],
          measure: undefined,
          remedy: undefined,
        }),
      },
      { run: undefined, changes: [], notChecked: [], links: {} },
    ),
  ],
]);

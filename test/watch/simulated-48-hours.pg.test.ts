import type pg from "pg";
import { expect, test } from "vitest";
import { defaultPhases, offsets, phasesFor } from "../../lib/watch/phases.ts";
import { sendAway } from "../support/sessions.ts";
import { type Simulation, simulate } from "../support/simulated-watch.ts";

const setup = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE accounts (id int PRIMARY KEY, owner text);
  CREATE TABLE payouts (id int PRIMARY KEY, account_id int REFERENCES accounts, cents int);
  CREATE INDEX payouts_account ON payouts (account_id);
  CREATE TABLE orders (id int PRIMARY KEY, customer int, note text);
  INSERT INTO accounts SELECT i, 'owner ' || i FROM generate_series(1, 100) i;
  INSERT INTO payouts SELECT i, 1 + i % 100, i FROM generate_series(1, 500) i;
  INSERT INTO orders SELECT i, i, repeat('x', 60) FROM generate_series(1, 40000) i;
  CREATE INDEX orders_customer ON orders (customer);
  CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
  INSERT INTO schema_migrations VALUES (41, false);
  ANALYZE`;

// What counts as long is turned down: our clock is turned, and the server's is not.
const checks = `
  locks/blocking-chain: { warning: 10ms, critical: 1h }
  activity/long-transaction: { warning: 1h }
  activity/idle-in-transaction: { warning: 1h, critical: 2h }
  capacity/connections: { warning: 30%, critical: 95% }
  statements/regression: { calls: 20, more: 1ms, fresh: 100ms }`;

const hour = 60;
/** When the looks of two days are due, in minutes after the deployment. */
const looks = offsets(phasesFor(defaultPhases, 48 * 3600)).map((seconds) => seconds / 60);

/** What the application does between two looks. */
async function load(world: Simulation): Promise<void> {
  for (let i = 1; i <= 25; i += 1) {
    await world.sql("SELECT id FROM orders WHERE customer = $1", [i]);
  }
}

/** What goes wrong, and when it ends: minutes after the deployment. */
function faults(world: Simulation): ReadonlyMap<number, () => Promise<unknown>> {
  let sessions: pg.Client[] = [];
  const open = async (n: number, application: string) => {
    sessions = await Promise.all(Array.from({ length: n }, () => world.session(application)));
    return sessions;
  };
  const close = () => Promise.all(sessions.map((client) => client.end()));
  return new Map<number, () => Promise<unknown>>([
    // A load that writes past the foreign keys.
    [
      7,
      () =>
        world.sql(`SET session_replication_role = replica;
                   INSERT INTO payouts SELECT i, 999, 1 FROM generate_series(1001, 1012) i;
                   SET session_replication_role = origin`),
    ],
    [48, () => world.sql("DELETE FROM payouts WHERE account_id = 999")],
    // Somebody holds a table for seven minutes, and two wait.
    [
      31,
      async () => {
        const [holder, ...waiting] = await open(3, "billing-worker");
        await holder?.query("BEGIN; LOCK TABLE accounts");
        for (const client of waiting) sendAway(client, "SELECT count(*) FROM accounts");
      },
    ],
    [
      38,
      async () => {
        await sessions[0]?.query("ROLLBACK");
        await close();
      },
    ],
    // An index goes by hand, and the statement that lived by it is slow until it is back.
    [62, () => world.sql("DROP INDEX orders_customer")],
    [107, () => world.sql("CREATE INDEX orders_customer ON orders (customer)")],
    // A pool that swings.
    ...[149, 179, 209].flatMap((minute) => [
      [minute, () => open(20, "web")] as const,
      [minute + 15, close] as const,
    ]),
    [5 * hour + 10, () => world.sql("SELECT pg_stat_reset(), pg_stat_statements_reset()")],
    [10 * hour + 30, async () => world.silence()],
    [11 * hour + 30, async () => world.answer()],
    [20 * hour + 30, () => world.failOver()],
  ]);
}

test("two days after a deployment, and all that goes wrong: what a careful person would send", async () => {
  await using world = await simulate({ setup, checks });
  const events = faults(world);
  world.clock(-5);
  await load(world);
  await world.prepare();
  await world.sql(`ALTER TABLE orders ADD COLUMN gift boolean;
                   UPDATE schema_migrations SET version = 42`);
  world.clock(0);
  await world.start("release-42");
  for (const minute of [...looks.slice(1), ...events.keys()].sort((a, b) => a - b)) {
    world.clock(minute);
    await events.get(minute)?.();
    if (!looks.includes(minute)) continue;
    await load(world);
    await world.tick();
  }
  world.clock(48 * hour + 5);
  const told = await world.tick();

  expect(world.mails).toEqual([
    "20 12:10 [CRITICAL] integrity/foreign-key-orphans",
    "20 12:35 [WARNING] locks/blocking-chain",
    "20 12:40 [RESOLVED] locks/blocking-chain",
    "20 12:50 [RESOLVED] integrity/foreign-key-orphans",
    "20 13:15 [WARNING] schema/drift-from-last",
    "20 13:30 [CRITICAL] statements/regression",
    // The index is back: also a change by hand, and the end of the regression in the same mail.
    "20 14:00 [WARNING] schema/drift-from-last, statements/regression",
    "20 14:30 [WARNING] capacity/connections",
    "20 14:45 [RESOLVED] capacity/connections",
    "20 15:00 [WARNING] capacity/connections",
    "20 15:15 [RESOLVED] capacity/connections",
    // The third time within two hours is told once, and its end when it has stayed away as long.
    "20 15:30 [FLAPPING] capacity/connections",
    "20 18:00 [RESOLVED] capacity/connections",
    // Statistics were reset at 17:10: nothing is told as a loss or a recovery because of it.
    "20 23:00 [UNKNOWN] server/unreachable",
    "21 00:00 [RESOLVED] server/unreachable",
    "21 09:00 [EVENT] server/identity",
    "22 12:05 [VERDICT] watch/verdict",
  ]);
  const subjects = world.bodies.flatMap(({ topic, subject }) =>
    topic === "alerts" && subject !== undefined ? [subject] : [],
  );
  expect(subjects.at(0)).toMatch(/12 rows of public\.payouts refer to no row of/);
  expect(subjects.at(-1)).toMatch(/production\/orders: .*healthy, with notes.*release-42/);
  // Who subscribes to critical pages is woken three times.
  const pages = world.bodies.filter(
    ({ topic, attributes }) => topic === "page" && attributes.severity?.includes("critical"),
  );
  expect(pages.map(({ subject = "" }) => subject.split(":")[0])).toEqual([
    "ALARM", // rows without their accounts
    "OK",
    "ALARM", // the slow statement
    "OK",
    "ALARM", // nobody answers
    "OK",
  ]);

  expect(told).toMatch(/^production\/orders: release-42: healthy, with notes\n/);
  expect(told).toContain("[PASS] Looks: 57 of 57 taken\n");
  expect(told).not.toMatch(/\[FAIL\]|\[\?{4}\]/);
  // Up to 14 a collector takes its time to say so.
  expect(told).toMatch(/2026-11-20 1[89]:00 UTC: its statistics were reset/);
  expect(told).toMatch(/2026-11-20 23:00 UTC: it did not answer until 2026-11-21 00:00 UTC/);
  expect(told).toMatch(/2026-11-21 09:00 UTC: it failed over/);
  const signOff = await world.status("markdown");
  // The standby's own port and directory are no drift, and its timeline is told once.
  expect(told + signOff).not.toMatch(/Setting (port|data_directory|hba_file)|timeline: /);
  expect(signOff).toContain("| Migration | 41 -&gt; 42 |");
  expect(signOff).toContain("| Execution time | 5 min (from prepare to start) |");
  expect(signOff).toContain("```diff\n+ column public.orders.gift\n```");
}, 120_000);

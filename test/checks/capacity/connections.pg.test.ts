import type pg from "pg";
import { expect, test } from "vitest";
import { capacityConnections } from "../../../lib/checks/capacity/connections.ts";
import { fingerprint } from "../../../lib/core/fingerprint.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { connect } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const target = { environment: "test", name: "shop" };
const monitor = { grants: ["pg_monitor"] };
/** The server is shared by other tests: its own share is not what these are about. */
const quiet = { warning: "80%", critical: "95%" };
const limitsOf = ({ evidence }: Outcome) => evidence?.limits as Record<string, unknown>[];
const limitOf = (outcome: Outcome, kind: string, name: string) =>
  limitsOf(outcome).find((limit) => limit.kind === kind && limit.name === name);

test("a server with room is told with its size", async () => {
  await using db = await testDatabase();
  const { name } = await db.role(monitor);
  const outcome = await look(db.url({ user: name }), capacityConnections);
  expect(outcome).toMatchObject({ status: "passed", findings: [] });
  expect(outcome.scope).toMatch(/^\d+ of 197 connections/);
});

test("a full role is critical, and its remedy works as pasted, whatever its name", async () => {
  await using db = await testDatabase();
  const { name, password } = await db.role({ attributes: "CONNECTION LIMIT 4" });
  const hostile = `${name} "é"; DROP ROLE x`;
  const quoted = `"${hostile.replaceAll('"', '""')}"`;
  await db.sql(`ALTER ROLE ${name} RENAME TO ${quoted};
                ALTER ROLE ${quoted} PASSWORD '${password}'`);
  try {
    const opened: pg.Client[] = [];
    const open = async () => opened.push(await db.connect({ user: hostile, password }));
    for (let i = 0; i < 3; i += 1) await open();
    expect(saying(await look(db.url(), capacityConnections, { options: quiet }))).toEqual([]);

    await open();
    const outcome = await look(db.url(), capacityConnections, { options: quiet });
    expect(saying(outcome)).toEqual([`critical ${quoted}`]);
    expect(outcome.findings[0]).toMatchObject({
      object: { kind: "role", name: hostile },
      evidence: { used: 4, limit: 4, idle: 4, active: 0 },
      measure: { value: 1, unit: "share" },
    });
    await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
    expect((await look(db.url(), capacityConnections, { options: quiet })).findings).toEqual([]);
    await db.sql(outcome.findings[0]?.remedy?.undo ?? "");
    expect((await look(db.url(), capacityConnections, { options: quiet })).status).toBe("found");
    for (const client of opened) await client.end();
  } finally {
    await db.sql(`ALTER ROLE ${quoted} RENAME TO ${name}`);
  }
});

test("a database at its limit is found; superusers count, walsenders and ourselves do not", async () => {
  await using db = await testDatabase({ words: "CONNECTION LIMIT 5" });
  const { name } = await db.role(monitor);
  const replica = await db.connect({ replication: "database" } as object);
  for (let i = 0; i < 3; i += 1) await db.connect({ user: name });
  const outcome = await look(db.url({ user: name }), capacityConnections, { options: quiet });
  expect(saying(outcome)).toEqual([`warning ${db.name}`]);
  expect(limitOf(outcome, "database", db.name)).toMatchObject({ used: 4, limit: 5, hidden: 0 });
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect((await look(db.url({ user: name }), capacityConnections)).findings).toEqual([]);
  await replica.end();
});

test("background workers of a parallel query are no connections", async () => {
  await using db = await testDatabase({
    words: "CONNECTION LIMIT 9",
    sql: `CREATE TABLE wide AS SELECT i, repeat(md5(i::text), 60) FROM generate_series(1, 90) i;
          ANALYZE wide`,
  });
  const busy = await db.connect();
  await busy.query(`SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
                    SET min_parallel_table_scan_size = 0`);
  const running = busy.query("SELECT count(*) FROM wide WHERE pg_sleep(0.02) IS NOT NULL");
  const workers = `SELECT 1 FROM pg_stat_activity
                    WHERE backend_type = 'parallel worker' AND datname = current_database()`;
  await until(async () => (await db.sql(workers)).length > 0);
  const outcome = await look(db.url(), capacityConnections, { options: quiet });
  expect(limitOf(outcome, "database", db.name)).toMatchObject({ used: 2 });
  await running;
});

test("a role that sees no other sessions is blind where it matters, and only there", async () => {
  await using db = await testDatabase({ words: "CONNECTION LIMIT 4" });
  const plain = await db.role();
  const sees = await db.role(monitor);
  const before = await look(db.url({ user: plain.name }), capacityConnections);
  expect(before).toMatchObject({ status: "passed" });
  expect(before.scope).toMatch(/^at most \d+ of 197 connections/);

  for (let i = 0; i < 2; i += 1) await db.connect();
  const options = { warning: "75%", critical: "95%" };
  const blind = await look(db.url({ user: plain.name }), capacityConnections, { options });
  expect(blind).toMatchObject({ status: "skipped", cause: "privilege" });
  expect(blind.reason).toContain(`database ${db.name}`);
  const seeing = await look(db.url({ user: sees.name }), capacityConnections, { options });
  expect(saying(seeing)).toEqual([`warning ${db.name}`]);

  await db.sql(blind.cure ?? "");
  const cured = await look(db.url({ user: plain.name }), capacityConnections, { options });
  expect(saying(cured)).toEqual(saying(seeing));
});

test("what was found is over only below the threshold that clears it", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ attributes: "CONNECTION LIMIT 4" });
  for (let i = 0; i < 3; i += 1) await db.connect({ user: name });
  const options = { warning: "80%", critical: "95%", clear: "70%" };
  const mine = (outcome: Outcome, limit: string) =>
    outcome.still?.includes(fingerprint(outcome.check, target, { kind: "role", identity: limit }));
  const near = await look(db.url(), capacityConnections, { options, target });
  expect(saying(near)).not.toContain(`warning ${name}`);
  expect(mine(near, name)).toBe(true);
  expect(near.series?.connections).toBeGreaterThan(0);
  const clear = await look(db.url(), capacityConnections, {
    options: { ...options, clear: "76%" },
    target,
  });
  expect(mine(clear, name)).toBe(false);
});

test("a mutex, a closed door, a superuser and our own session are no lack of connections", async () => {
  await using db = await testDatabase();
  const mutex = await db.role({ attributes: "CONNECTION LIMIT 1" });
  const closed = await db.role({ attributes: "CONNECTION LIMIT 0" });
  const ruler = await db.role({ attributes: "SUPERUSER CONNECTION LIMIT 2" });
  const own = await db.role({ attributes: "CONNECTION LIMIT 2", ...monitor });
  await db.connect({ user: mutex.name });
  for (let i = 0; i < 3; i += 1) await db.connect({ user: ruler.name });
  const outcome = await look(db.url({ user: own.name }), capacityConnections);
  expect(outcome.findings).toEqual([]);
  for (const { name } of [mutex, closed, ruler]) {
    expect(limitOf(outcome, "role", name)).toBeUndefined();
  }
  expect(limitOf(outcome, "role", own.name)).toMatchObject({ used: 0, limit: 2 });
});

test("what RDS reserves for its superuser is not for plain roles", async () => {
  await using db = await testDatabase();
  await db.sql(`ALTER DATABASE ${db.name} SET rds.rds_superuser_reserved_connections = '7'`);
  const outcome = await look(db.url(), capacityConnections);
  expect(limitsOf(outcome)[0]).toMatchObject({ limit: 190, rdsReserved: 7 });
});

test("a full server is critical, and full is where a plain role is refused", async () => {
  await using db = await testDatabase();
  const reserved = db.major >= 16 ? { reserved_connections: "2" } : {};
  await using server = await ownServer({
    max_connections: "12",
    superuser_reserved_connections: "3",
    ...reserved,
  });
  const admin = await connect({ connectionString: server.url() });
  await admin.query("CREATE ROLE web LOGIN PASSWORD 'web'");
  const opened: pg.Client[] = [admin];
  const refusal = await fill(server.url("postgres", "web", "web"), opened);
  expect(refusal).toContain("remaining connection slots are reserved");

  const outcome = await look(server.url(), capacityConnections);
  expect(saying(outcome)).toEqual(["critical server"]);
  const limit = db.major >= 16 ? 7 : 9;
  expect(outcome.findings[0]?.evidence).toMatchObject({ used: limit, limit, maxConnections: 12 });
  await admin.query(outcome.findings[0]?.remedy?.sql ?? "");
  for (const client of opened) await client.end();
});

/** Opens connections until one is refused, and returns the refusal. */
async function fill(url: string, opened: pg.Client[]): Promise<string> {
  for (;;) {
    try {
      opened.push(await connect({ connectionString: url }));
    } catch (error) {
      return String(error);
    }
  }
}

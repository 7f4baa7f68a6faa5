import { expect, test } from "vitest";
import { startEmbedded } from "../../../lib/adapters/local/embedded-postgres.ts";
import { capacityReplicationSlot } from "../../../lib/checks/capacity/replication-slot.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { connect } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const about = (outcome: Awaited<ReturnType<typeof look>>, slot: string) =>
  outcome.findings.filter(({ object }) => object.name === slot);

test("a slot that nobody reads is found from the size on, for any role, and may be dropped", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const slot = `cdc_${db.name}`;
  await db.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'test_decoding')`);
  await db.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i");
  const url = db.url({ user: name });

  expect(about(await look(url, capacityReplicationSlot), slot)).toEqual([]);
  // The commit was asynchronous: its WAL is on its way.
  const finding = await until(async () => {
    const outcome = await look(url, capacityReplicationSlot, { options: { kept: "1MB" } });
    return about(outcome, slot)[0];
  });
  expect(finding).toMatchObject({
    severity: "warning",
    object: { kind: "replication slot", identity: slot },
    evidence: { type: "logical", database: db.name, active: false, walStatus: "reserved" },
  });
  expect(finding?.summary).toMatch(/keeps [\d.]+ MB of WAL and nobody reads it/);
  expect(finding?.summary.includes(" for ")).toBe(db.major >= 17);
  expect(finding?.remedy?.otherwise?.summary).toContain("rebuilt");

  expect(await db.sql(finding?.remedy?.sql ?? "")).toHaveLength(1);
  await db.sql(finding?.remedy?.otherwise?.sql ?? "");
  const after = await look(url, capacityReplicationSlot, { options: { kept: "1MB" } });
  expect(about(after, slot)).toEqual([]);
});

test("a slot that was never used, or belongs to a session, keeps nothing worth a word", async () => {
  await using db = await testDatabase();
  const [never, temporary] = [`never_${db.name}`, `temporary_${db.name}`];
  await db.sql(`SELECT pg_create_physical_replication_slot('${never}')`);
  await db.sql(`SELECT pg_create_logical_replication_slot('${temporary}', 'test_decoding', true)`);
  await db.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
  const outcome = await look(db.url(), capacityReplicationSlot, { options: { kept: "1B" } });
  expect([...about(outcome, never), ...about(outcome, temporary)]).toEqual([]);
  await db.sql(`SELECT pg_drop_replication_slot('${never}')`);
});

test("beyond max_slot_wal_keep_size it is about to be lost, and after a checkpoint it is", async () => {
  await using db = await testDatabase();
  await using server = await startEmbedded({
    major: db.major,
    initdbArgs: ["--wal-segsize=1"],
    settings: {
      ...{ wal_level: "logical", max_slot_wal_keep_size: "2MB", wal_keep_size: "0" },
      ...{ min_wal_size: "2MB", max_wal_size: "64MB", autovacuum: "off" },
    },
  });
  const admin = await connect({ connectionString: server.url() });
  await admin.query("SELECT pg_create_physical_replication_slot('standby', true)");
  await admin.query("SELECT pg_create_logical_replication_slot('cdc', 'test_decoding')");
  expect(saying(await look(server.url(), capacityReplicationSlot))).toEqual([]);

  await admin.query("CREATE TABLE t (i int)");
  for (let segment = 0; segment < 5; segment += 1) {
    await admin.query("INSERT INTO t VALUES (1)");
    await admin.query("SELECT pg_switch_wal()");
  }
  const early = await look(server.url(), capacityReplicationSlot);
  expect(saying(early)).toEqual(["warning cdc", "warning standby"]);
  expect(early.findings[0]?.summary).toContain("more than max_slot_wal_keep_size = 2MB");

  await admin.query("CHECKPOINT");
  const late = await look(server.url(), capacityReplicationSlot);
  expect(saying(late)).toEqual(["critical cdc", "critical standby"]);
  expect(late.findings[0]?.summary).toContain("WAL that it needs was removed");
  expect(late.findings[0]?.evidence).toMatchObject({
    walStatus: "lost",
    invalidationReason: db.major >= 17 ? "wal_removed" : null,
  });

  for (const { remedy } of late.findings) await admin.query(remedy?.sql ?? "");
  expect((await look(server.url(), capacityReplicationSlot)).scope).toBe("0 replication slots");
  await admin.end();
});

import { expect, test } from "vitest";
import { capacityConnections } from "../../../lib/checks/capacity/connections.ts";
import { capacityReplicationSlot } from "../../../lib/checks/capacity/replication-slot.ts";
import { capacitySequenceExhaustion } from "../../../lib/checks/capacity/sequence-exhaustion.ts";
import { capacityWraparound } from "../../../lib/checks/capacity/wraparound.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { startStandby } from "../../support/standby.ts";
import { asSuperuser } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

test("a replica answers for itself, and leaves to its primary what only that one knows", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE t (id serial); SELECT setval('t_id_seq', 2147483647)",
  });
  if (db.major >= 15) await db.sql("CREATE UNLOGGED SEQUENCE unlogged");
  await using standby = await startStandby(db.server);
  const url = standby.url(db.name);
  await asSuperuser(standby, (admin) =>
    admin.query("SELECT pg_create_physical_replication_slot('cascade', true)"),
  );
  await db.sql("CREATE TABLE more AS SELECT i FROM generate_series(1, 20000) i");

  const slot = await until(async () => {
    const options = { kept: "500kB" };
    const outcome = await look(url, capacityReplicationSlot, { options });
    return outcome.findings.find(({ object }) => object.name === "cascade");
  });
  expect(slot?.severity).toBe("warning");

  const sequences = await look(url, capacitySequenceExhaustion);
  expect(saying(sequences)).toEqual(["critical public.t_id_seq"]);
  expect(sequences.cause).toBeUndefined();
  expect(sequences.scope).toBe(
    db.major >= 15 ? "1 sequence; 1 unlogged, which only the primary knows" : "1 sequence",
  );
  expect(await look(url, capacityWraparound)).toMatchObject({ status: "passed" });
  expect(await look(url, capacityConnections)).toMatchObject({ status: "passed" });
});

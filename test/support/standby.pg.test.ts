import { expect, test } from "vitest";
import { testDatabase } from "./database.ts";
import { startStandby } from "./standby.ts";
import { sharedServer } from "./test-server.ts";
import { until } from "./until.ts";

test("a standby follows its primary, reads and does not write", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders AS SELECT 1 AS id" });
  await using standby = await startStandby(sharedServer());
  const reader = await db.connect({ host: standby.host, port: standby.port });
  const isReplica = await reader.query("SELECT pg_is_in_recovery() AS answer");
  expect(isReplica.rows).toEqual([{ answer: true }]);
  await expect(reader.query("DELETE FROM orders")).rejects.toThrow("read-only transaction");

  await db.sql("INSERT INTO orders VALUES (2)");
  await until(async () => (await reader.query("SELECT 1 FROM orders WHERE id = 2")).rows.length);
});

test("a query on a standby is cancelled when it stands in the way of recovery", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders AS SELECT 1 AS id" });
  await using standby = await startStandby(sharedServer(), { max_standby_streaming_delay: "0" });
  const reader = await db.connect({ host: standby.host, port: standby.port });
  const error = new Promise((resolve) => reader.once("error", resolve));
  await reader.query("BEGIN; SELECT * FROM orders");
  await db.sql("DROP TABLE orders");
  expect(await error).toMatchObject({ message: expect.stringContaining("conflict with recovery") });
});

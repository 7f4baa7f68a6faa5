import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { testDatabase } from "../../support/database.ts";
import { startStandby } from "../../support/standby.ts";
import { sharedServer } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

test("a standby's replay takes precedence: the question is in conflict, and can be put again", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders AS SELECT 1 AS id" });
  const { name } = await db.role({ grants: ["SELECT ON orders"] });
  // What a standby refuses must not reach it from a role's own settings.
  await db.sql(`ALTER ROLE ${name} SET default_transaction_isolation = 'serializable'`);
  await using standby = await startStandby(sharedServer(), { max_standby_streaming_delay: "0" });
  const url = db.url({ user: name }).replace(`:${db.server.port}/`, `:${standby.port}/`);
  await using session = await until(() => openSession({ connectionString: url }));
  expect(session.server.inRecovery).toBe(true);

  const waiting = session.rows({
    id: "try",
    sql: "SELECT pg_catalog.pg_sleep(20)::text AS slept, id FROM public.orders",
  });
  waiting.catch(() => undefined);
  await sleep(200);
  await db.sql("ALTER TABLE orders ADD COLUMN number int");
  await expect(waiting).rejects.toMatchObject({ errorClass: "conflict", sqlstate: "40001" });
  expect(await session.rows({ id: "again", sql: "SELECT 1 AS one" })).toEqual([{ one: 1 }]);

  await expect(openSession({ connectionString: url, wants: "primary" })).rejects.toMatchObject({
    errorClass: "unreachable",
    hint: expect.stringContaining("failover"),
  });
});

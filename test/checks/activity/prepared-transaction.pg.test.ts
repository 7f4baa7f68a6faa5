import { expect, test } from "vitest";
import { activityPreparedTransaction } from "../../../lib/checks/activity/prepared-transaction.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { atOnce, sendAway, session, untilWaiting } from "../../support/sessions.ts";
import { uniqueName } from "../../support/test-server.ts";

const check = activityPreparedTransaction;

const prepare = async (db: TestDatabase, gid: string) => {
  const client = await session(db, "manager");
  await client.query(
    `BEGIN; INSERT INTO orders VALUES (1); PREPARE TRANSACTION '${gid.replaceAll("'", "''")}'`,
  );
};

test("a young one passes, and says how many there are", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const gid = uniqueName("gid");
  await prepare(db, gid);
  expect(await look(db.url(), check)).toMatchObject({
    status: "passed",
    scope: "1 prepared transaction",
  });
  await db.sql(`ROLLBACK PREPARED '${gid}'`);
});

test("an old one tells what it holds and who waits, and its remedy works as pasted", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE "my ""orders" (id int PRIMARY KEY) PARTITION BY RANGE (id);
          CREATE TABLE "übrige; DROP" PARTITION OF "my ""orders" DEFAULT`,
  });
  const gid = `${uniqueName("gid")}'; DROP TABLE x; -- \\ `;
  const client = await session(db, "manager");
  await client.query(`BEGIN; INSERT INTO "my ""orders" VALUES (1)`);
  await client.query(`PREPARE TRANSACTION '${gid.replaceAll("'", "''")}'`);
  const waiting = await session(db, "waiting");
  sendAway(waiting, `INSERT INTO "my ""orders" VALUES (1)`);
  await untilWaiting(db, 1);

  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), check, { options: atOnce });
  expect(saying(outcome)).toEqual(["warning prepared transactions of postgres"]);
  const [finding] = outcome.findings;
  expect(finding?.detail).toEqual([
    'It holds ROW EXCLUSIVE on public."my ""orders", ROW EXCLUSIVE on public."übrige; DROP".',
    "1 session waits for it.",
  ]);
  expect(finding?.remedy?.sql).toContain(`-- In ${db.name}, as postgres or a superuser:`);
  await db.sql(finding?.remedy?.sql ?? "");
  expect(await look(db.url(), check, { options: atOnce })).toMatchObject({
    status: "passed",
    scope: "0 prepared transactions",
  });
});

test("several of one owner are one finding, and another database's are not ours", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using other = await testDatabase();
  const gids = [uniqueName("gid"), uniqueName("gid")];
  for (const gid of gids) await prepare(db, gid);
  const outcome = await look(db.url(), check, { options: { warning: "1ms", critical: "1ms" } });
  expect(saying(outcome)).toEqual(["critical prepared transactions of postgres"]);
  expect(outcome.findings[0]?.summary).toContain(
    `2 prepared transactions of postgres open, the oldest for `,
  );
  expect(await look(other.url(), check, { options: atOnce })).toMatchObject({ status: "passed" });
  for (const sql of outcome.findings[0]?.remedy?.sql?.split("\n").slice(1) ?? []) await db.sql(sql);
  expect((await look(db.url(), check, { options: atOnce })).scope).toBe("0 prepared transactions");
});

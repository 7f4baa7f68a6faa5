import { expect, test } from "vitest";
import { activityIdleInTransaction } from "../../../lib/checks/activity/idle-in-transaction.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { allText, atOnce, pidOf, session } from "../../support/sessions.ts";
import { startStandby } from "../../support/standby.ts";
import { until } from "../../support/until.ts";

const check = activityIdleInTransaction;

test("idle sessions and short transactions are no finding", async () => {
  await using db = await testDatabase();
  await session(db, "pool");
  const busy = await session(db, "busy");
  await busy.query("BEGIN");
  const outcome = await look(db.url(), check);
  expect(outcome).toMatchObject({ status: "passed", scope: "3 sessions" });
});

test("a forgotten transaction is named by role and application, never by a literal", async () => {
  await using db = await testDatabase();
  const forgetful = await session(db, "billing-worker 7");
  await forgetful.query("BEGIN; SELECT 'top secret', 918273645");
  const outcome = await look(db.url(), check, { options: atOnce });
  expect(saying(outcome)).toEqual(["warning postgres (billing-worker *)"]);
  expect(outcome.findings[0]).toMatchObject({
    evidence: {
      role: "postgres",
      application: "billing-worker 7",
      count: 1,
      sessions: [{ pid: await pidOf(forgetful), statement: "BEGIN; SELECT ?, ?" }],
    },
  });
  expect(allText(outcome)).not.toContain("secret");
});

test("a failed transaction that nobody ends counts too, and its text stays where it is", async () => {
  await using db = await testDatabase();
  const failed = await session(db, 'sly "; DROP TABLE x');
  await failed.query("BEGIN");
  await failed.query("SELECT secret FROM nowhere").catch(() => {});
  const outcome = await look(db.url(), check, { options: { ...atOnce, critical: "1ms" } });
  expect(saying(outcome)).toEqual(['critical postgres (sly "; DROP TABLE x)']);
  expect(outcome.findings[0]?.detail?.[0]).toContain("nothing but ROLLBACK can follow");
  expect(allText(outcome)).not.toContain("secret");

  const terminate = outcome.findings[0]?.remedy?.otherwise?.sql ?? "";
  await failed.query("ROLLBACK; BEGIN");
  await failed.query("SELECT secret FROM nowhere").catch(() => {});
  expect(await db.sql(terminate)).toEqual([]);
});

test("sessions of one name are one finding, with the oldest and a count", async () => {
  await using db = await testDatabase();
  const first = await session(db, "web-1");
  await first.query("BEGIN");
  const second = await session(db, "web-2");
  await second.query("BEGIN");
  const outcome = await look(db.url(), check, { options: atOnce });
  expect(outcome.findings).toMatchObject([
    { object: { identity: "postgres (web-*)" }, evidence: { count: 2 } },
  ]);
  expect(outcome.findings[0]?.summary).toContain(`(pid ${await pidOf(first)})`);
});

test("time counts from when it fell idle, not from when it began", async () => {
  await using db = await testDatabase();
  const lively = await session(db, "lively");
  await lively.query("BEGIN");
  await lively.query("SELECT pg_sleep(0.6)");
  await lively.query("SELECT 1");
  const outcome = await look(db.url(), check, { options: { warning: "500ms" } });
  expect(outcome.status).toBe("passed");
});

test("another database's sessions are another target's", async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();
  const elsewhere = await session(other, "elsewhere");
  await elsewhere.query("BEGIN");
  expect(await look(one.url(), check, { options: atOnce })).toMatchObject({ status: "passed" });
});

test("a role without pg_monitor says what it cannot see, and still judges its own", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const theirs = await session(db, "theirs");
  await theirs.query("BEGIN");
  const blind = await look(db.url({ user: name }), check, { options: atOnce });
  expect(blind).toMatchObject({
    status: "skipped",
    cause: "privilege",
    scope: "0 of 2 sessions",
    cure: `GRANT pg_monitor TO ${name};`,
  });
  const own = await session(db, "own", name);
  await own.query("BEGIN");
  const half = await look(db.url({ user: name }), check, { options: atOnce });
  expect(half).toMatchObject({ status: "found", cause: "privilege", scope: "1 of 3 sessions" });
  expect(saying(half)).toEqual([`warning ${name} (own)`]);

  await db.sql(half.cure ?? "");
  const seeing = await look(db.url({ user: name }), check, { options: atOnce });
  expect(seeing.cause).toBeUndefined();
  expect(seeing.findings).toHaveLength(2);
});

test("the remedy looks first; its otherwise ends this very transaction and no later one", async () => {
  await using db = await testDatabase();
  const stuck = await session(db, "stuck");
  const ended = new Promise((resolve) => stuck.once("error", resolve));
  await stuck.query("BEGIN");
  const remedyOf = async () =>
    (await look(db.url(), check, { options: atOnce })).findings[0]?.remedy;

  const stale = await remedyOf();
  await stuck.query("COMMIT; BEGIN");
  expect(await db.sql(stale?.sql ?? "")).toEqual([]);
  expect(await db.sql(stale?.otherwise?.sql ?? "")).toEqual([]);
  expect(await stuck.query("SELECT 1 AS alive")).toMatchObject({ rows: [{ alive: 1 }] });

  const remedy = await remedyOf();
  expect(await db.sql(remedy?.sql ?? "")).toMatchObject([{ state: "idle in transaction" }]);
  expect(await db.sql(remedy?.otherwise?.sql ?? "")).toEqual([{ pg_terminate_backend: true }]);
  expect(await ended).toMatchObject({ message: expect.stringContaining("terminat") });
});

test("a standby's own sessions are looked at on the standby", async () => {
  await using db = await testDatabase();
  await using standby = await startStandby(db.server);
  const at = { host: standby.host, port: standby.port };
  const reader = await until(() => db.connect({ ...at, application_name: "reader" }));
  await reader.query("BEGIN");
  const url = db.url().replace(/@[^/]*/, `@${at.host}:${at.port}`);
  expect(saying(await look(url, check, { options: atOnce }))).toEqual([
    "warning postgres (reader)",
  ]);
  expect((await look(db.url(), check, { options: atOnce })).status).toBe("passed");
});

import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { configurationSettingsDrift as check } from "../../../lib/checks/configuration/settings-drift.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { baselineOf, rememberedOf } from "../../support/past.ts";
import { allText } from "../../support/sessions.ts";
import { until } from "../../support/until.ts";

const store = memoryStore();
/** Other tests share the server and its roles. */
const about = ({ findings }: Outcome, word: string) =>
  findings.filter(({ object }) => object.identity.includes(word));

test("settings of roles and databases are told, whatever their names, and can be set back", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const hostile = `"${name} ""é""; DROP"`;
  await db.sql(`CREATE ROLE ${hostile}; ALTER ROLE ${hostile} SET work_mem = '8MB'`);
  try {
    const url = db.url({ user: name });
    const first = await look(url, check, { store });
    expect(first).toMatchObject({ status: "skipped", cause: "not-applicable" });
    const watched = { store, baseline: baselineOf(first), previous: rememberedOf(first) };
    expect(about(await look(url, check, watched), name)).toEqual([]);

    await db.sql(`ALTER ROLE ${hostile} SET work_mem = '64MB';
                  ALTER ROLE ${hostile} IN DATABASE ${db.name} SET row_security = off;
                  ALTER DATABASE ${db.name} SET statement_timeout = '7s'`);
    const after = await look(url, check, watched);
    expect(about(after, name).map(({ summary }) => summary)).toEqual([
      `Setting row_security of role ${hostile} in database ${db.name} is off, and was not set there`,
      `Setting work_mem of role ${hostile} is 64MB, and was 8MB`,
    ]);
    expect(about(after, `database ${db.name}`).map(({ severity }) => severity)).toEqual([
      "warning",
      "notice",
    ]);
    // Under our own role, and in our own sessions, nothing changed beside.
    expect(about(after, "timeout").map(({ object }) => object.identity)).toEqual([
      `statement_timeout of database ${db.name}`,
    ]);
    for (const { remedy } of [...about(after, name), ...about(after, "timeout")]) {
      await db.sql(remedy?.sql ?? "");
    }
    expect(about(await look(url, check, watched), name)).toEqual([]);
  } finally {
    await db.sql(`DROP OWNED BY ${hostile}; DROP ROLE ${hostile}`);
  }
});

test("what we pin in our own session is no change, and neither is what only another role sees", async () => {
  await using db = await testDatabase();
  const [plain, sees] = [await db.role(), await db.role({ grants: ["pg_monitor"] })];
  const asPlain = await look(db.url({ user: plain.name }), check, { store });
  expect(asPlain).toMatchObject({ cause: "privilege" });
  const wider = await look(db.url({ user: sees.name }), check, {
    store,
    previous: rememberedOf(asPlain),
  });
  expect(about(wider, db.name)).toEqual([]);
  expect(wider.findings.filter(({ evidence }) => evidence.level === "server")).toEqual([]);
  await db.sql(asPlain.cure ?? "");
  expect((await look(db.url({ user: plain.name }), check, { store })).cause).toBe("not-applicable");
});

test("a server's own setting, one that waits for a restart, and one that may hold a secret", async () => {
  await using server = await ownServer({});
  await using db = await testDatabase({ server });
  const first = await look(db.url(), check, { store });
  const watched = { store, previous: rememberedOf(first) };
  expect(saying(await look(db.url(), check, watched))).toEqual([]);

  for (const statement of [
    "ALTER SYSTEM SET autovacuum = off",
    "ALTER SYSTEM SET max_connections = 77",
    "ALTER SYSTEM SET restore_command = 'fetch --password=geheim %f %p'",
    `ALTER DATABASE ${db.name} SET app.key = 'geheim'`,
    "SELECT pg_reload_conf()",
  ]) {
    await db.sql(statement);
  }
  const after = await until(async () => {
    const outcome = await look(db.url(), check, watched);
    expect(outcome.findings.length).toBeGreaterThanOrEqual(4);
    return outcome;
  });
  expect(saying(after)).toEqual([
    "warning autovacuum",
    "warning max_connections",
    `notice app.key of database ${db.name}`,
    "notice restore_command",
  ]);
  expect(allText(after)).not.toContain("geheim");
  expect(after.findings[1]?.summary).toContain("waits for a restart");
  for (const statement of (after.findings[0]?.remedy?.sql ?? "").split("\n")) {
    await db.sql(statement);
  }
  await until(
    async () => !saying(await look(db.url(), check, watched)).includes("warning autovacuum"),
  );
});

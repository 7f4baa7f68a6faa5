import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedServer } from "../../../lib/adapters/local/embedded-postgres.ts";
import { constraintsDisabledTrigger } from "../../../lib/checks/constraints/disabled-trigger.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { sharedSettings } from "../../support/settings.ts";
import { until } from "../../support/until.ts";

// A server of its own: the setting of a role is found from every database.
let server: EmbeddedServer;
beforeAll(async () => {
  server = await ownServer(sharedSettings);
});
afterAll(() => server.stop("immediate"));

test("sessions that skip triggers by a setting are critical, and the setting is taken back", async () => {
  await using db = await testDatabase({ server });
  const { name: loader } = await db.role();
  const { name: here } = await db.role();
  const { name: elsewhere } = await db.role();
  await db.sql(`ALTER ROLE ${loader} SET "Session_Replication_Role" = 'REPLICA';
                ALTER ROLE ${here} IN DATABASE ${db.name} SET session_replication_role = replica;
                ALTER ROLE ${elsewhere} IN DATABASE template1 SET session_replication_role = replica;
                ALTER DATABASE ${db.name} SET session_replication_role = replica`);
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), constraintsDisabledTrigger);
  const expected = [
    `critical ${db.name}`,
    `critical ${here} in database ${db.name}`,
    `critical ${loader}`,
  ];
  expect(saying(outcome)).toEqual(expected.toSorted());
  for (const { remedy } of outcome.findings) await db.sql(remedy?.sql ?? "");
  expect((await look(db.url({ user: name }), constraintsDisabledTrigger)).status).toBe("passed");
});

test("set for every role or for the whole server, it is told as such", async () => {
  await using db = await testDatabase({ server });
  await db.sql("ALTER ROLE ALL SET session_replication_role = replica");
  await db.sql("ALTER SYSTEM SET session_replication_role = replica");
  await db.sql("SELECT pg_reload_conf()");
  const everyRole = await look(db.url(), constraintsDisabledTrigger);
  expect(saying(everyRole)).toEqual(["critical ALL"]); // which hides the server's in our session
  await db.sql(everyRole.findings[0]?.remedy?.sql ?? "");

  const everySession = await until(async () => {
    const outcome = await look(db.url(), constraintsDisabledTrigger);
    return outcome.findings.length === 1 ? outcome : undefined;
  });
  expect(everySession?.findings[0]?.summary).toMatch(
    /^Every session of this server skips triggers/,
  );
  for (const statement of everySession?.findings[0]?.remedy?.sql?.split("\n") ?? []) {
    await db.sql(statement);
  }
  await until(async () => (await look(db.url(), constraintsDisabledTrigger)).status === "passed");
});

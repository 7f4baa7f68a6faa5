import { expect, test } from "vitest";
import { capacityWraparound } from "../../../lib/checks/capacity/wraparound.ts";
import { testDatabase } from "../../support/database.ts";
import { look } from "../../support/look.ts";

const hostile = `"a ""b"" é; DROP"."T' x"`;
/** What every database has used since initdb. */
const tiny = { warning: "0.000001%", critical: "100%" };

test("a young server is healthy for a role without privileges", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), capacityWraparound);
  expect(outcome).toMatchObject({ status: "passed", findings: [] });
  expect(outcome.scope).toContain("of transaction ids");
});

test("it names the oldest table, and the remedy works as pasted", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA "a ""b"" é; DROP"; CREATE TABLE ${hostile} (i int);
          UPDATE pg_class SET relfrozenxid = '3' WHERE oid = $$${hostile}$$::regclass`,
  });
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), capacityWraparound, { options: tiny });
  const here = outcome.findings.find(({ object }) => object.name === db.name);
  expect(here).toMatchObject({ severity: "warning", object: { kind: "database" } });
  expect(here?.detail?.join(" ")).toContain(`Oldest tables: ${hostile} (`);
  expect(here?.detail?.join(" ")).toContain("activity/oldest-xmin");

  const [freeze = "", other] = here?.remedy?.sql?.split("\n") ?? [];
  expect(freeze).toBe(`VACUUM (FREEZE, VERBOSE) ${hostile};`);
  expect(other).toMatch(/^VACUUM .FREEZE, VERBOSE. pg_catalog\.\w+;$/);
  await db.sql(freeze);
  const after = await look(db.url({ user: name }), capacityWraparound, { options: tiny });
  expect(JSON.stringify(after.findings)).not.toContain("DROP");
});

test("a table is told for its TOAST table, and a temporary one as such", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE notes (body text); CREATE TEMP TABLE scratch (i int);
          UPDATE pg_class SET relfrozenxid = '3'
           WHERE oid IN ('scratch'::regclass, (SELECT reltoastrelid FROM pg_class
                                                WHERE oid = 'notes'::regclass))`,
  });
  const outcome = await look(db.url(), capacityWraparound, { options: tiny });
  const here = outcome.findings.find(({ object }) => object.name === db.name);
  const words = here?.detail?.join(" ");
  expect(words).toMatch(/public\.notes \([\d,]+, in its TOAST table\)/);
  expect(words).toMatch(/scratch \([\d,]+, temporary: only its own session can vacuum it\)/);
  expect(here?.remedy?.sql).toContain("VACUUM (FREEZE, VERBOSE) public.notes;");
  expect(here?.remedy?.sql).not.toContain("scratch");
});

test("an older database of the same server is told, as it stops this one too", async () => {
  await using db = await testDatabase();
  await db.sql("VACUUM (FREEZE)");
  const outcome = await look(db.url(), capacityWraparound, { options: tiny });
  const others = outcome.findings.filter(({ object }) => object.name !== db.name);
  expect(others.length).toBeGreaterThan(0);
  expect(others[0]?.detail?.[0]).toContain("writes fail in this one too");
  expect(outcome.scope).toContain(`oldest of the server: ${others[0]?.object.name}`);
});

test("multixact ids count as well", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE t (i int); INSERT INTO t VALUES (1)" });
  const before = await mxidAge(db.url());
  const [one, two] = [await db.connect(), await db.connect()];
  for (const client of [one, two]) {
    await client.query("BEGIN");
    await client.query("SELECT * FROM t FOR SHARE");
  }
  expect(await mxidAge(db.url())).toBeGreaterThan(before);
  for (const client of [one, two]) await client.query("COMMIT");
});

async function mxidAge(url: string): Promise<number> {
  const { evidence } = await look(url, capacityWraparound);
  const ages = evidence?.ages as { isHere: boolean; mxidAge: number }[];
  return ages.find(({ isHere }) => isHere)?.mxidAge ?? Number.NaN;
}

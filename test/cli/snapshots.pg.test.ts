import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";

const cwd = await mkdtemp(join(tmpdir(), "pgvigil-snapshots-"));
afterAll(() => rm(cwd, { recursive: true }));

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total numeric(12, 2) NOT NULL DEFAULT 0);
  CREATE INDEX orders_total_idx ON orders (total)`;

test("two files are compared without store or configuration: 0 where nothing differs, 1 where something does", async () => {
  await using db = await testDatabase({ sql: shop });
  const take = (file: string) =>
    pgvigil(["snapshot", "--url", db.url(), "--output", file], { cwd });
  expect((await take("before.json")).code).toBe(0);
  expect(await pgvigil(["diff", "before.json", "before.json"], { cwd })).toMatchObject({
    code: 0,
    stdout: "No difference.\n",
  });
  await db.sql(
    "ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2); DROP INDEX orders_total_idx",
  );
  await take("after.json");
  const { code, stdout } = await pgvigil(["diff", "before.json", "after.json"], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain("~ column public.orders.total\n    - total numeric(12,2)");
  expect(stdout).toContain("- index public.orders_total_idx\n    - CREATE INDEX orders_total_idx");
  expect(stdout).toContain("2 differences: 0 added, 1 removed, 1 changed");
  const json = await pgvigil(["diff", "before.json", "after.json", "--format", "json"], { cwd });
  expect(JSON.parse(json.stdout)).toHaveLength(2);
  await db.sql("ALTER TABLE orders RENAME total TO sum_total; CREATE VIEW v AS TABLE orders");
  await take("renamed.json");
  const renamed = await pgvigil(["diff", "after.json", "renamed.json"], { cwd });
  expect(renamed.stdout).toContain(
    "+ column public.orders.sum_total\n    looks like a rename of public.orders.total\n",
  );
});

test("a seal is kept with its reason, and what is changed by hand is told by name", async () => {
  await using db = await testDatabase({ sql: shop });
  const where = ["--url", db.url(), "--store", "store"];
  const sealed = await pgvigil(["seal", ...where, "--why", "reviewed", "--by", "ada"], { cwd });
  expect(sealed).toMatchObject({ code: 0, stdout: expect.stringContaining("by ada") });
  const check = ["check", ...where, "--only", "schema/drift-from-baseline"];
  expect((await pgvigil(check, { cwd })).code).toBe(0);
  await db.sql("DROP INDEX orders_total_idx");
  const drifted = await pgvigil(check, { cwd });
  expect(drifted.code).toBe(1);
  expect(drifted.stdout).toContain("Index public.orders_total_idx was removed");
  const addresses = [`adhoc/${db.name}@baseline`, `adhoc/${db.name}`];
  const told = await pgvigil(["diff", ...addresses, ...where], { cwd });
  expect(told.stdout).toContain("- index public.orders_total_idx");
});

test("what a run by --url tells to type seals that database as pasted, and holds no password", async () => {
  await using db = await testDatabase({ sql: shop });
  const only = ["--only", "schema/drift-from-baseline"];
  const cured = async (where: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const args = ["check", ...where, "--store", "a store", ...only, "--format", "json"];
    const cure: string = JSON.parse((await pgvigil(args, { cwd, env })).stdout).reports[0]
      .outcomes[0].cure;
    expect(cure).not.toContain(password);
    return cure;
  };
  const { username, password, host } = new URL(db.url());
  const secretly = `${db.url()}?sslpassword=${password}&sslmode=disable`;
  expect(await cured(["--url", secretly])).toBe(
    `pgvigil seal --url 'postgres://${username}@${host}/${db.name}?sslmode=disable' --store 'a store' --why "…"`,
  );
  const cure = await cured(["--url", secretly], { SHOP_URL: secretly });
  expect(cure).toBe(`pgvigil seal --url "$SHOP_URL" --store 'a store' --why "…"`);
  expect(await cured([], { DATABASE_URL: secretly })).toContain('--url "$DATABASE_URL"');

  const printed = `printf '%s\\n' ${cure.replace("pgvigil ", "")}`;
  const pasted = spawnSync("sh", ["-c", printed], { env: { SHOP_URL: secretly } });
  const words = pasted.stdout.toString().trimEnd().split("\n");
  expect(await pgvigil(words, { cwd })).toMatchObject({ code: 0 });
  const again = ["check", "--url", db.url(), "--store", "a store", ...only];
  expect((await pgvigil(again, { cwd })).code).toBe(0);
});

test("a baseline may come from a file that CI made, but not from a seal without its objects", async () => {
  await using db = await testDatabase({ sql: shop });
  const url = ["--url", db.url()];
  await pgvigil(["snapshot", ...url, "--output", "ci.json"], { cwd });
  await pgvigil(["snapshot", ...url, "--seal-only", "--output", "thin.json"], { cwd });
  const seal = ["seal", ...url, "--store", "store2", "--why", "from CI"];
  expect((await pgvigil([...seal, "--from", "ci.json"], { cwd })).code).toBe(0);
  const thin = await pgvigil([...seal, "--from", "thin.json"], { cwd });
  expect(thin).toMatchObject({ code: 5, stderr: expect.stringContaining("--seal-only") });
  expect(JSON.parse(await readFile(join(cwd, "thin.json"), "utf8"))).not.toHaveProperty("objects");
});

test.each([
  [["seal", "--url", "postgres://x@y/z", "--store", "s"], "a seal needs a reason"],
  [["seal", "--url", "postgres://x@y/z", "--why", "w"], "a seal is kept in a store"],
  [["diff", "a.json"], "diff needs B"],
  [["diff", "none.json", "none.json"], "cannot read none.json"],
  [["diff", "dump.json", "dump.json"], "hash of pg_dump text"],
  [["diff", "text.json", "text.json"], "text.json is no snapshot"],
  [["diff", "a/b@yesterday", "x.json"], "a/b@yesterday is no snapshot"],
])("%j is refused in words: exit 5", async (args, words) => {
  await writeFile(join(cwd, "dump.json"), JSON.stringify({ pass1_checksum: "9f86d0818" }));
  await writeFile(join(cwd, "text.json"), "-- PostgreSQL database dump");
  const { code, stderr } = await pgvigil(args, { cwd });
  expect(stderr).toContain(words);
  expect(code).toBe(5);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a table that is locked is named, and the snapshot says that it is incomplete: exit 6", async () => {
  await using db = await testDatabase({ sql: `${shop}; CREATE TABLE busy (i int CHECK (i > 0))` });
  const other = await db.connect();
  await other.query("BEGIN; LOCK TABLE busy");
  const { code, stderr } = await pgvigil(["snapshot", "--url", db.url(), "--output", "x.json"], {
    cwd,
  });
  expect(code).toBe(6);
  expect(stderr).toContain("not read (lock): table public.busy");
});

test("the history of a target's seals is printed, newest first, with the migration it was at", async () => {
  await using db = await testDatabase({
    sql: `${shop}; CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
      INSERT INTO schema_migrations VALUES (41, false)`,
  });
  const where = ["--url", db.url(), "--store", "store3", "--by", "ada"];
  const list = () => pgvigil(["seal", ...where, "--list"], { cwd });
  expect((await list()).stdout).toContain("nothing sealed yet");
  await pgvigil(["seal", ...where, "--why", "first"], { cwd });
  await db.sql("UPDATE schema_migrations SET version = 42");
  await pgvigil(["seal", ...where, "--why", "second"], { cwd });
  expect((await list()).stdout.trim().split("\n")).toEqual([
    expect.stringMatching(/UTC sha256:[0-9a-f]{12} by ada: second, at migration 42$/),
    expect.stringMatching(/by ada: first, at migration 41$/),
  ]);
});

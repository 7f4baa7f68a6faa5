import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

async function checkout(db: TestDatabase, more: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "watch-seal-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = db.url().replace(/:[^:@/]+@/, "@");
  await writeFile(
    join(folder, "pgvigil.config.yaml"),
    `
schemaVersion: 1
store: ./store
profiles:
  watch: { phases: [{ every: 2s, until: 4s }] }
environments:
  production: { targets: { orders: { url: "${url}", auth: { passwordEnv: SECRET } } } }
${more}`,
  );
  return folder;
}

test("a healthy watch seals its schema, where the configuration says so: phases come from there too", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int PRIMARY KEY)" });
  const cwd = await checkout(db, "baseline: { sealOn: healthy-watch }");
  const world = { cwd, env: { SECRET: decodeURIComponent(new URL(db.url()).password) } };
  const run = await pgvigil(["watch", "run", "--deploy", "r41", "--by", "ci"], world);
  expect(run.stderr).toMatch(/production\/orders: sealed sha256:\w+: the watch was healthy/);
  expect(run.stdout).toMatch(/ of 3 looks taken/);
  const list = await pgvigil(["seal", "--list"], world);
  expect(list.stdout).toMatch(/by watch production\/orders\/.*: healthy watch/);
});

test("a watch that ends ill seals nothing, nor one of a configuration that does not say so", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (id int PRIMARY KEY);
          CREATE TABLE parts (id int REFERENCES orders);
          ALTER TABLE parts DISABLE TRIGGER ALL`,
  });
  const env = { SECRET: decodeURIComponent(new URL(db.url()).password) };
  const ill = { cwd: await checkout(db, "baseline: { sealOn: healthy-watch }"), env };
  const run = await pgvigil(["watch", "run", "--deploy", "r41", "--by", "ci"], ill);
  expect(run).toMatchObject({ code: 1, stderr: "" });
  await db.sql("ALTER TABLE parts ENABLE TRIGGER ALL");
  const unsaid = { cwd: await checkout(db, ""), env };
  const well = await pgvigil(["watch", "run", "--deploy", "r41", "--by", "ci"], unsaid);
  expect(well.stderr).toBe("");
  expect((await pgvigil(["seal", "--list"], unsaid)).stdout).toMatch(/nothing sealed yet/);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY);
  CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers);
  INSERT INTO customers SELECT generate_series(1, 100);
  INSERT INTO orders SELECT i, i FROM generate_series(1, 100) i;`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "watch-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("a watch of four seconds: a trigger is switched off and on again, and told with its times", async () => {
  await using db = await testDatabase({ sql: shop });
  const store = await folder();
  const at = ["--url", db.url(), "--store", store];
  const going = pgvigil(["watch", "run", ...at, "--deploy", "release-41", "--phases", "700ms/4s"]);
  await sleep(900);
  await db.sql("ALTER TABLE orders DISABLE TRIGGER ALL");
  await until(async () =>
    (await pgvigil(["watch", "status", ...at])).stdout.includes("[FAIL] Constraints"),
  );
  await db.sql("ALTER TABLE orders ENABLE TRIGGER ALL");
  const done = await going;
  console.log(done.stdout, done.stderr);
  const md = await pgvigil(["watch", "status", ...at, "--format", "markdown"]);
  console.log(md.stdout, md.stderr, md.code);
  expect(done.stderr).toBe("");
});

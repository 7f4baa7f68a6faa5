import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";

const cwd = await mkdtemp(join(tmpdir(), "pgvigil-incidents-"));
afterAll(() => rm(cwd, { recursive: true }));

test("a check with a store opens and ends incidents, which can be listed at once", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int, total int)" });
  const where = ["--url", db.url(), "--store", "store"];
  const look = () => pgvigil(["check", ...where, "--only", "constraints/not-validated"], { cwd });
  const list = async (...more: string[]) =>
    (await pgvigil(["incidents", "--store", "store", ...more], { cwd })).stdout;
  await look();
  expect(await list()).toBe("No incident is open.\n");
  await db.sql("ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID");
  await look();
  expect(await list()).toMatch(/WARNING {3}adhoc\/\S+ {2}constraints\/not-validated/);
  await db.sql("ALTER TABLE orders VALIDATE CONSTRAINT positive");
  await look();
  expect(await list()).toBe("No incident is open.\n");
  expect(await list("--all")).toContain("ended ");
});

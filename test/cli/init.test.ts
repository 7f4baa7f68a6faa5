import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";

const folder = await mkdtemp(join(tmpdir(), "pgvigil-init-"));
afterAll(() => rm(folder, { recursive: true }));

const url = "postgres://admin:sec%40ret@db.example.com:5433/Orders?sslmode=require";

test("writes a configuration without the password, and prints the role's SQL", async () => {
  const { code, stdout, stderr } = await pgvigil(["init", "--yes", "--url", url], { cwd: folder });
  expect(code).toBe(0);
  const file = await readFile(join(folder, "pgvigil.config.yaml"), "utf8");
  expect(file).toContain('url: "postgres://pgvigil@db.example.com:5433/Orders?sslmode=require"');
  expect(stdout).toContain('GRANT CONNECT ON DATABASE "Orders" TO "pgvigil";');
  expect(`${file}${stdout}${stderr}`).not.toMatch(/sec.{1,3}ret/);
});

test("never writes over a configuration", async () => {
  const args = ["init", "--yes", "--url", url, "--output", "mine.yaml"];
  expect((await pgvigil(args, { cwd: folder })).code).toBe(0);
  const again = await pgvigil(args, { cwd: folder });
  expect(again.code).toBe(5);
  expect(again.stderr).toContain("mine.yaml is there already");
});

test("prints the SQL alone where a file is not wanted", async () => {
  const args = ["init", "--yes", "--sql-only", "--url", url, "--role", 'watch"er'];
  const { code, stdout } = await pgvigil(args, { cwd: "/nowhere" });
  expect(code).toBe(0);
  expect(stdout).toContain('CREATE ROLE "watch""er" LOGIN CONNECTION LIMIT 4;');
});

test("a name that cannot be a target's is refused", async () => {
  const { code, stderr } = await pgvigil(["init", "--yes", "--url", url, "--name", "Prod/a b"]);
  expect(code).toBe(5);
  expect(stderr).toContain('"Prod" is not');
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runSchema } from "../../../lib/core/report.ts";
import { pgvigil } from "../../support/cli.ts";
import { testDatabase } from "../../support/database.ts";

const cwd = await mkdtemp(join(tmpdir(), "pgvigil-rules-"));
afterAll(() => rm(cwd, { recursive: true }));

test("what a rule hides is counted by its place; one that expired or hides nothing is a notice", async () => {
  await using first = await testDatabase({
    sql: `CREATE TABLE "or ders" (id int); ALTER TABLE "or ders" ADD CONSTRAINT "c""1" CHECK (id > 0) NOT VALID`,
  });
  await using second = await testDatabase();
  const roles = [await first.role(), await second.role()];
  const urls = [first, second].map((db, i) => db.url({ user: roles[i]?.name ?? "" }));
  const [one = "", two = ""] = urls.map((url) => url.replace(/:[^:@/]+@/, "@"));
  await writeFile(
    join(cwd, "pgvigil.config.yaml"),
    `
schemaVersion: 1
environments:
  production:
    ignore:
      - { check: indexes/invalid, reason: gone by now, until: 2026-01-01 }
    targets:
      one: { url: "${one}", auth: { passwordEnv: ONE } }
      two: { url: "${two}", auth: { passwordEnv: TWO } }
ignore:
  - { check: constraints/not-validated, name: "public.or ders*", reason: old }
  - { kind: constraint, name: "c\\"1", reason: old rows }
  - { check: "constraints/*", name: nothing, reason: nobody knows }
  - { check: activity/long-transaction, role: etl, reason: nightly load }
`,
  );
  const secret = (url = "") => decodeURIComponent(new URL(url).password);
  const env = { ONE: secret(urls[0]), TWO: secret(urls[1]) };
  const only = "constraints/not-validated,indexes/invalid,configuration/ignore-rules";
  const run = async (...more: string[]) => {
    const args = ["check", "--only", only, "--format", "json", ...more];
    return runSchema.parse(JSON.parse((await pgvigil(args, { cwd, env })).stdout));
  };
  const { reports } = await run();
  const rules = reports.map(({ outcomes }) => outcomes.at(-1));
  expect(reports[0]?.counts.ignored).toBe(1);
  expect(rules[0]?.scope).toMatch(/^5 ignore rules; hidden: ignore\[\d\] 1 \(old( rows)?\)$/);
  const told = rules[0]?.findings.map(({ severity, summary }) => `${severity} ${summary}`) ?? [];
  expect(told).toContain(
    "notice The rule environments.production.ignore[0] (check indexes/invalid) expired on 2026-01-01: what it hid is told again",
  );
  expect(told).toContain(
    "notice The rule ignore[2] (check constraints/*, name nothing) hides nothing any more",
  );
  expect(told.join()).not.toContain("ignore[3]");
  expect(rules[1]).toMatchObject({ status: "passed", findings: [] });
  // Of half of its targets nobody can say that a rule hides nothing.
  const half = await run("--target", "two");
  expect(half.reports[0]?.outcomes.at(-1)?.findings.map(({ object }) => object.identity)).toEqual([
    "environments.production.ignore[0]",
  ]);
});

test("without rules there is nothing to judge", async () => {
  await using db = await testDatabase();
  const args = ["check", "--url", db.url(), "--only", "configuration/ignore-rules"];
  const { stdout } = await pgvigil([...args, "--format", "json"], { cwd });
  expect(runSchema.parse(JSON.parse(stdout)).reports[0]?.outcomes).toMatchObject([
    { status: "skipped", cause: "not-applicable" },
  ]);
});

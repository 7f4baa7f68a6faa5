import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runSchema } from "../../lib/core/report.ts";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";

const folder = await mkdtemp(join(tmpdir(), "pgvigil-check-"));
afterAll(() => rm(folder, { recursive: true }));

const broken = `
  CREATE TABLE orders (id int PRIMARY KEY, total int);
  ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID`;
const only = ["--only", "server/unreachable,constraints/not-validated"];

const runOf = (stdout: string) => runSchema.parse(JSON.parse(stdout));

test("a healthy database is told in one sentence and exits 0", async () => {
  await using db = await testDatabase();
  const { code, stdout } = await pgvigil(["check", "--url", db.url(), ...only]);
  expect(stdout).toMatch(new RegExp(`^adhoc/${db.name}: healthy, 2 checks passed`));
  expect(code).toBe(0);
});

test("a finding exits 1, unless it is below --fail-on", async () => {
  await using db = await testDatabase({ sql: broken });
  const args = ["check", "--url", db.url(), ...only];
  const { code, stdout } = await pgvigil(args);
  expect(code).toBe(1);
  expect(stdout).toContain("ALTER TABLE public.orders VALIDATE CONSTRAINT positive;");
  expect((await pgvigil([...args, "--fail-on", "critical"])).code).toBe(0);
  expect((await pgvigil([...args, "--fail-on", "never"])).code).toBe(0);
});

test("DATABASE_URL serves where no --url is given, and PG* where neither is", async () => {
  await using db = await testDatabase();
  const { host, port } = db.server;
  const { name, password } = await db.role();
  const byUrl = await pgvigil(["check", ...only], { env: { DATABASE_URL: db.url() }, cwd: folder });
  expect(byUrl.stdout).toContain(`adhoc/${db.name}: healthy`);
  const env = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: name,
    PGPASSWORD: password,
    PGDATABASE: db.name,
  };
  const byParts = await pgvigil(["check", ...only], { env, cwd: folder });
  expect(byParts.stdout).toContain(`database ${db.name} as ${name}`);
});

test("several formats are written at once, each to its place", async () => {
  await using db = await testDatabase({ sql: broken });
  const sarif = join(folder, "report.sarif");
  const junit = join(folder, "junit.xml");
  const formats = ["--format", "json", "--format", `sarif:${sarif}`, "--format", `junit:${junit}`];
  const { stdout, stderr } = await pgvigil(["check", "--url", db.url(), ...only, ...formats]);
  expect(runOf(stdout).reports[0]?.verdict).toBe("findings");
  expect(JSON.parse(await readFile(sarif, "utf8"))).toMatchObject({ version: "2.1.0" });
  expect(await readFile(junit, "utf8")).toContain("<testsuite");
  expect(stderr).toContain(`wrote ${sarif}`);
});

test("a file that cannot be written is said, and the rest is not lost", async () => {
  await using db = await testDatabase();
  const formats = ["--format", "json", "--format", "sarif:/nowhere/x.sarif"];
  const { code, stdout, stderr } = await pgvigil(["check", "--url", db.url(), ...only, ...formats]);
  expect(code).toBe(5);
  expect(runOf(stdout).reports).toHaveLength(1);
  expect(stderr).toContain("cannot write /nowhere/x.sarif");
});

test("a run with its evidence is judged again without a database, and the verdict is the same", async () => {
  const file = join(folder, "run.json");
  {
    await using db = await testDatabase({ sql: broken });
    const keep = ["--evidence", "--format", `json:${file}`];
    await pgvigil(["check", "--url", db.url(), ...only, ...keep]);
  }
  const again = await pgvigil(["check", "--replay", file, "--format", "json"]);
  expect(again.code).toBe(1);
  expect(runOf(again.stdout).reports[0]?.counts).toMatchObject({ warning: 1, found: 1 });
});

test("what many checks read stands in a run once, and it is judged again from that", async () => {
  await using db = await testDatabase({ sql: broken });
  const file = join(folder, "shared.json");
  const ids = ["activity/long-transaction", "activity/idle-in-transaction", "locks/blocking-chain"];
  const only = ["--only", ids.join()];
  await pgvigil(["check", "--url", db.url(), ...only, "--evidence", "--format", `json:${file}`]);
  const [report] = runOf(await readFile(file, "utf8")).reports;
  expect(Object.keys(report?.evidence ?? {})).toContain("activity");
  expect(report?.outcomes.map(({ evidence }) => evidence?.activity)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect((await pgvigil(["check", "--replay", file])).code).toBe(0);
});

test("a run without evidence cannot be judged again, and says how it could", async () => {
  await using db = await testDatabase();
  const file = join(folder, "thin.json");
  await pgvigil(["check", "--url", db.url(), ...only, "--format", `json:${file}`]);
  const { code, stderr } = await pgvigil(["check", "--replay", file]);
  expect(code).toBe(5);
  expect(stderr).toContain("kept no evidence");
  expect(stderr).toContain("--evidence");
});

test("with a store a run is kept, and the next one knows of it", async () => {
  await using db = await testDatabase();
  const store = join(folder, "store");
  const args = ["check", "--url", db.url(), "--store", store, "--only", "server/identity"];
  await pgvigil(args);
  const { stdout } = await pgvigil(args);
  expect(stdout).toContain("as last time");
});

test("nobody answers: exit 6, in words, without the password", async () => {
  const url = "postgres://someone:s3cret@127.0.0.1:1/shop";
  const { code, stdout, stderr } = await pgvigil(["check", "--url", url]);
  expect(code).toBe(6);
  expect(stdout).toContain("127.0.0.1:1 refused the connection");
  expect(`${stdout}${stderr}`).not.toContain("s3cret");
});

test("Ctrl-C prints what is known and exits 130", async () => {
  await using db = await testDatabase();
  const interruption = new AbortController();
  interruption.abort();
  const { signal } = interruption;
  const { code, stdout } = await pgvigil(["check", "--url", db.url(), ...only], { signal });
  expect(code).toBe(130);
  expect(stdout).toContain("interrupted");
});

test("doctor says that the way is free, and what a superuser should not be", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const plain = await pgvigil(["doctor", "--url", db.url({ user: name })]);
  expect(plain.code).toBe(0);
  expect(plain.stdout).toMatch(/ok +role +\S+ \(pg_monitor\)/);
  const superuser = await pgvigil(["doctor", "--url", db.url()]);
  expect(superuser.stdout).toMatch(/warn +role .*is a superuser/);
});

test("doctor stops at the first closed door and says how to open it", async () => {
  await using db = await testDatabase();
  const wrong = db.url({ user: "postgres", password: "wrong" });
  const { code, stdout } = await pgvigil(["doctor", "--url", wrong]);
  expect(code).toBe(6);
  expect(stdout).toMatch(/FAIL +login +.*password/i);
  const closed = await pgvigil(["doctor", "--url", "postgres://a@127.0.0.1:1/b"]);
  expect(closed.stdout).toMatch(/FAIL +TCP/);
  expect(closed.stdout).not.toContain("login");
});

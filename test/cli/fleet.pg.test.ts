import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runSchema } from "../../lib/core/report.ts";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true }))));

/** A checkout with this configuration in it. */
async function checkout(config: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pgvigil-fleet-"));
  made.push(folder);
  await writeFile(join(folder, "pgvigil.config.yaml"), config);
  return folder;
}

const withoutPassword = (url: string) => url.replace(/:[^:@/]+@/, "@");
const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);

test("the fleet of a configuration is looked at, and a dead host hurts only itself", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const url = db.url({ user: name });
  const cwd = await checkout(`
schemaVersion: 1
environments:
  production:
    auth: { passwordEnv: SECRET }
    targets:
      shop: { url: "${withoutPassword(url)}" }
      dead: { url: "postgres://someone@127.0.0.1:1/none" }
checks:
  capacity/connections: { enabled: false }
`);
  const env = { SECRET: passwordOf(url) };
  const { code, stdout } = await pgvigil(["check", "--profile", "pulse", "--format", "json"], {
    cwd,
    env,
  });
  const [shop, dead] = runSchema.parse(JSON.parse(stdout)).reports;
  expect(shop?.verdict).toBe("healthy");
  expect(shop?.outcomes.map(({ check }) => check)).not.toContain("capacity/connections");
  expect(dead?.outcomes.every(({ cause }) => cause === "unreachable")).toBe(true);
  expect(code).toBe(6);
  const narrowed = await pgvigil(["check", "--profile", "pulse", "--target", "shop"], { cwd, env });
  expect(narrowed.code).toBe(0);
});

test("two targets that are one database are a mistake of the configuration: exit 5", async () => {
  await using db = await testDatabase();
  const url = db.url();
  const cwd = await checkout(`
schemaVersion: 1
environments:
  production: { targets: { shop: { url: "${withoutPassword(url)}", auth: { passwordEnv: SECRET } } } }
  staging: { targets: { shop: { url: "${withoutPassword(url).replace("127.0.0.1", "localhost")}", auth: { passwordEnv: SECRET } } } }
`);
  const { code, stderr } = await pgvigil(["check", "--only", "server/identity"], {
    cwd,
    env: { SECRET: passwordOf(url) },
  });
  expect(code).toBe(5);
  expect(stderr).toMatch(/\/shop: this is the same database as (production|staging)\/shop/);
});

test("a mistake in the configuration is told with its line, and nothing is asked", async () => {
  const cwd = await checkout("schemaVersion: 1\nenviroments: {}\n");
  const { code, stderr, stdout } = await pgvigil(["check"], { cwd });
  expect(code).toBe(5);
  expect(stderr).toContain("pgvigil.config.yaml:2:1");
  expect(stderr).toContain('did you mean "environments"');
  expect(stdout).toBe("");
});

test("--target without a configuration says how to get one", async () => {
  const { code, stderr } = await pgvigil(["check", "--target", "shop"], { cwd: tmpdir() });
  expect(code).toBe(5);
  expect(stderr).toContain("pgvigil init");
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";

const cwd = await mkdtemp(join(tmpdir(), "pgvigil-environments-"));
afterAll(() => rm(cwd, { recursive: true }));

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total int);
  CREATE TABLE gone (id int)`;

test("objects stand by environments, the reference first: = ~ + - ?", async () => {
  await using production = await testDatabase({ sql: shop });
  await using staging = await testDatabase({ sql: shop });
  const { name } = await production.role({ grants: ["pg_monitor"] });
  const { name: other } = await staging.role({ grants: ["pg_monitor"] });
  const urls = [production.url({ user: name }), staging.url({ user: other })];
  const bare = (url = "") => url.replace(/:[^:@/]+@/, "@");
  const secret = (url = "") => decodeURIComponent(new URL(url).password);
  await writeFile(
    join(cwd, "pgvigil.config.yaml"),
    `
schemaVersion: 1
reference: production
store: ./kept
environments:
  staging: { auth: { passwordEnv: STAGING }, targets: { orders: { url: "${bare(urls[1])}" } } }
  test: { targets: { orders: { url: "postgres://nobody@127.0.0.1:1/none" } } }
  production: { auth: { passwordEnv: PRODUCTION }, targets: { orders: { url: "${bare(urls[0])}" } } }
`,
  );
  const env = { PRODUCTION: secret(urls[0]), STAGING: secret(urls[1]) };
  const run = (...args: string[]) => pgvigil(args, { cwd, env });
  expect(await run("diff", "--environments")).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("nobody looked at the schema of production/orders yet"),
  });
  await staging.sql(
    'ALTER TABLE orders ALTER total TYPE bigint; DROP TABLE gone; CREATE TABLE "mo ""re" (id int)',
  );
  await run("check", "--only", "schema/drift-from-last");
  const { code, stdout } = await run("diff", "--environments");
  expect(stdout.split("\n").map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    "orders  production  staging  test",
    expect.stringMatching(/^ {2}\d+ s ago {2}\d+ s ago {2}never$/),
    "column public.orders.total  =  ~  ?",
    'table public."mo ""re"  -  +  ?',
    "table public.gone  =  -  ?",
    "",
    "= as in production, ~ otherwise, + there and not in it, - not there, ? not known",
    "Not compared: privileges, ownership, comments; partitions of the usual shape.",
    "",
  ]);
  expect(code).toBe(1);
  const json = await run("diff", "--environments", "--format", "json");
  expect(JSON.parse(json.stdout)).toMatchObject([
    {
      target: "orders",
      environments: [{ environment: "production" }, { environment: "staging" }, {}],
      objects: [
        { identity: "public.orders.total", cells: { production: "=", staging: "~", test: "?" } },
        {},
        {},
      ],
    },
  ]);
  const night = await run(
    "check",
    "--only",
    "schema/drift-from-environment",
    "--target",
    "staging/orders",
  );
  expect(night.stdout).toContain(
    "Column public.orders.total is not as in production/orders: type bigint here",
  );
});

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { formats } from "../../lib/render/index.ts";
import { pgvigil } from "../support/cli.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sharedServer } from "../support/test-server.ts";

const cwd = await mkdtemp(join(tmpdir(), "pgvigil-secrets-"));
afterAll(() => rm(cwd, { recursive: true }));

const { major } = sharedServer();

/** Wherever PostgreSQL keeps what somebody wrote, with a secret in it. */
const planted = (role: string, secret: string) => `
  ALTER DATABASE CURRENT SET app.api_key = '${secret}';
  ALTER DATABASE CURRENT SET app.remote = 'postgres://anna:${secret}@db/shop';
  ALTER ROLE ${role} SET app.jwt_secret = '${secret}';
  ALTER ROLE ${role} IN DATABASE CURRENT SET app.password = '${secret}';
  CREATE OR REPLACE FUNCTION sent() RETURNS text LANGUAGE sql SET app.token = '${secret}'
    SET app.dsn2 = 'host=db user=anna password=${secret}'
    AS $$ SELECT 'host=db user=anna password=${secret}' $$;
  CREATE OR REPLACE PROCEDURE posted() LANGUAGE plpgsql AS $f$ BEGIN -- it doesn't
    PERFORM 'https://anna:${secret}@example.com/'; END $f$;
  ${
    major >= 14
      ? `CREATE OR REPLACE FUNCTION parsed() RETURNS text RETURN 'https://anna:${secret}@example.com/';`
      : ""
  }
  DROP SERVER IF EXISTS there CASCADE;
  CREATE SERVER there FOREIGN DATA WRAPPER far OPTIONS (host 'a', password '${secret}', dsn 'x ${secret}',
    link 'https://anna:${secret}@far.example.com');
  CREATE USER MAPPING FOR ${role} SERVER there OPTIONS (user 'anna', password '${secret}');
  CREATE FOREIGN TABLE far_orders (id int OPTIONS (access_key '${secret}')) SERVER there
    OPTIONS (token '${secret}');
  CREATE OR REPLACE VIEW links AS SELECT 'https://anna:${secret}@example.com/'::text AS link;
  ALTER TABLE orders ALTER link SET DEFAULT 'https://anna:${secret}@example.com/';
  COMMENT ON TABLE orders IS 'from postgres://anna:${secret}@db/shop';
  DROP RULE IF EXISTS noted ON orders;
  CREATE RULE noted AS ON DELETE TO orders DO ALSO
    INSERT INTO orders VALUES (1, 'https://anna:${secret}@example.com/');
  ALTER SUBSCRIPTION received CONNECTION 'host=nowhere user=anna password=${secret}';`;

async function texts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => {
        const path = join(file.parentPath, file.name);
        return [path, unpacked(await readFile(path))] as const;
      }),
  );
}

/** Whatever is in it: gzip, several members of it, or zstd within. */
function unpacked(body: Buffer): string {
  for (const open of [gunzipSync, zstdDecompressSync]) {
    try {
      return open(body).toString();
    } catch {}
  }
  return body.toString();
}

const shop = `CREATE TABLE orders (id int, link text);
  CREATE FOREIGN DATA WRAPPER far OPTIONS (secret 'hush0');
  CREATE SUBSCRIPTION received CONNECTION 'host=nowhere user=anna password=hush0'
    PUBLICATION a WITH (connect = false, slot_name = NONE);`;
const unsubscribe = "ALTER SUBSCRIPTION received DISABLE; DROP SUBSCRIPTION received";

async function planting(db: TestDatabase) {
  const { name } = await db.role();
  return (secret: string) =>
    db.sql(planted(name, secret).replaceAll("DATABASE CURRENT", `DATABASE ${db.name}`));
}

/** Runs the program in a folder; what it says, and all that it leaves there. */
function program(folder: string, env: Readonly<Record<string, string>> = {}) {
  const said: [string, string][] = [];
  return {
    async run(...args: string[]) {
      const { stdout, stderr, code } = await pgvigil(args, { cwd: folder, env });
      said.push([args.join(" "), stdout + stderr]);
      return code;
    },
    all: async () => [...said, ...(await texts(folder))],
  };
}

function expectNoSecret(all: readonly (readonly [string, string])[]): void {
  for (const [where, text] of all) {
    expect(text.match(/.{0,80}hush\d.{0,20}/)?.[0], where).toBeUndefined();
  }
}

test("a secret that stands somewhere in the catalogs is in no snapshot, seal, run or report", async () => {
  await using db = await testDatabase({ sql: shop });
  const plant = await planting(db);
  const { run: typed, all } = program(join(cwd, "typed"));
  await mkdir(join(cwd, "typed"));
  const run = (...args: string[]) => typed(...args, "--url", db.url(), "--store", "store");
  await plant("hush1");
  expect(await run("seal", "--why", "reviewed")).toBe(0);
  expect(await run("snapshot", "--output", "before.json")).toBe(0);
  expect(await run("snapshot", "--seal-only", "--output", "seal.json")).toBe(0);
  await plant("hush2");
  await db.sql(
    `CREATE OR REPLACE FUNCTION sent() RETURNS text LANGUAGE sql AS $$ SELECT 'host=a user=b password=hush3' $$;
     COMMENT ON TABLE orders IS 'see https://anna:hush3@example.com'; DROP VIEW links;
     ALTER TABLE orders ALTER link SET DEFAULT 'https://bob:hush3@example.com/'`,
  );
  const reports = formats.flatMap((format) => ["--format", `${format}:report.${format}`]);
  expect(await run("check", ...reports, "--evidence")).toBe(1);
  expect(await run("diff", `adhoc/${db.name}@baseline`, `adhoc/${db.name}`)).toBe(1);
  const kept = await all();
  const isThere = (path: RegExp, word: string) =>
    kept.some(([where, text]) => path.test(where) && text.includes(word));
  expect(isThere(/snapshots/, "far_orders")).toBe(true);
  expect(isThere(/^diff/, "function public.sent()")).toBe(true);
  for (const format of formats) {
    expect(isThere(new RegExp(`report[.]${format}$`), "public.sent()"), format).toBe(true);
  }
  expectNoSecret(kept);
  await db.sql(unsubscribe);
});

test("nor is it in a mail, a page, a card, an event, a post-mortem or a digest", async () => {
  await using db = await testDatabase({ sql: shop });
  const plant = await planting(db);
  const folder = join(cwd, "alerts");
  await mkdir(folder);
  const { host, port, user, password } = db.server;
  const config = {
    schemaVersion: 1,
    store: "./store",
    environments: {
      production: {
        alerts: { critical: "now", warning: "now", notice: "digest" },
        auth: { passwordEnv: "SHOP_PASSWORD" },
        targets: { orders: { url: `postgres://${user}@${host}:${port}/${db.name}` } },
      },
    },
    checks: { "schema/drift-from-last": { severity: "critical" } },
  };
  await writeFile(join(folder, "pgvigil.config.yaml"), JSON.stringify(config));
  const { run, all } = program(folder, { SHOP_PASSWORD: password });
  const drift = "schema/drift-from-baseline,schema/drift-from-last";
  const look = () => run("check", "--only", drift, "--alerts", "alerts");
  await plant("hush1");
  expect(await run("seal", "--why", "reviewed")).toBe(0);
  expect(await look()).toBe(0);
  await plant("hush2");
  await db.sql(`
    COMMENT ON TABLE orders IS 'see https://anna:hush3@example.com'; DROP VIEW links;
    ALTER TABLE orders ALTER link SET DEFAULT 'https://bob:hush3@example.com/';
    ALTER SERVER there OPTIONS (SET link 'https://bob:hush3@far.example.com', ADD api_key 'hush3');
    CREATE OR REPLACE FUNCTION sent() RETURNS text LANGUAGE sql SET app.dsn2 = 'host=b user=b password=hush3'
      AS $$ SELECT 'host=a user=b password=hush3' $$;
    ALTER SUBSCRIPTION received CONNECTION 'host=elsewhere user=anna password=hush3';`);
  expect(await look()).toBe(1);
  expect(await run("incidents")).toBe(0);
  const list = (await all()).find(([where]) => where === "incidents")?.[1] ?? "";
  const fingerprints = [...list.matchAll(/^([0-9a-f]{8}) /gm)].map(([, one]) => one ?? "");
  for (const one of fingerprints) {
    expect(await run("incidents", "show", one)).toBe(0);
  }
  expect(await run("digest", "--alerts", "alerts")).toBe(0);
  const kept = await all();
  const kinds = kept.flatMap(([where]) => /alerts\/\d.*?[.](.*)$/.exec(where)?.[1] ?? []);
  expect(new Set(kinds)).toEqual(new Set(["mail.txt", "chat.json", "page.json", "event.json"]));
  expect(fingerprints.length).toBeGreaterThan(4);
  const mail = kept.find(
    ([where, text]) => where.endsWith("mail.txt") && text.includes("schema/drift-from"),
  );
  expect(mail).toBeDefined();
  expectNoSecret(kept);
  await db.sql(unsubscribe);
});

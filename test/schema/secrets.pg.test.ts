import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { formats } from "../../lib/render/index.ts";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";
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

test("a secret that stands somewhere in the catalogs is in no snapshot, seal, run or report", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (id int, link text);
      CREATE FOREIGN DATA WRAPPER far OPTIONS (secret 'hush0');
      CREATE SUBSCRIPTION received CONNECTION 'host=nowhere user=anna password=hush0'
        PUBLICATION a WITH (connect = false, slot_name = NONE);`,
  });
  const { name } = await db.role();
  const plant = (secret: string) =>
    db.sql(planted(name, secret).replaceAll("DATABASE CURRENT", `DATABASE ${db.name}`));
  const where = ["--url", db.url(), "--store", "store"];
  const said: [string, string][] = [];
  const run = async (...args: string[]) => {
    const { stdout, stderr, code } = await pgvigil([...args, ...where], { cwd });
    said.push([args.join(" "), stdout + stderr]);
    return code;
  };
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
  for (const format of formats) {
    const code = await run("check", "--format", format, "--evidence");
    expect(code, format).toBe(1);
  }
  expect(await run("diff", `adhoc/${db.name}@baseline`, `adhoc/${db.name}`)).toBe(1);
  const kept = await texts(cwd);
  expect(kept.some(([path, text]) => /snapshots/.test(path) && text.includes("far_orders"))).toBe(
    true,
  );
  expect(said.some(([, text]) => text.includes("Function public.sent()"))).toBe(true);
  for (const [where, text] of [...kept, ...said]) {
    expect(text.match(/.{0,80}hush\d.{0,20}/)?.[0], where).toBeUndefined();
  }
  await db.sql("ALTER SUBSCRIPTION received DISABLE; DROP SUBSCRIPTION received");
});

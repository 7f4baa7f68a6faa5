import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";

const tables = `
  CREATE SCHEMA "a.""b";
  CREATE DOMAIN whole AS int;
  CREATE TYPE mood AS ENUM ('low', 'high');
  CREATE TYPE pair AS (a int, b int);
  CREATE TABLE "a.""b"."Order ""x" ("a b" int DEFAULT 1, "select" text, plain varchar(9) DEFAULT 'x',
    c text COLLATE "C", d whole DEFAULT 2, e mood DEFAULT 'low', f int[], g char(3), h numeric DEFAULT 0,
    i timestamptz DEFAULT now(), j pair DEFAULT ROW(1, 2)::pair, k serial, l bool DEFAULT (NOT false),
    m int DEFAULT ((ROW(3, 4)::pair).a), n text DEFAULT CURRENT_USER || 'x', o uuid, p jsonb);
  CREATE TABLE parted (a int, b int) PARTITION BY RANGE (a);
  CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9);`;

/** What follows USING or ON, and what stands before INDEX. */
const indexes = [
  ["", `("a b")`],
  ["", `("a b", "select", plain, c)`],
  ["", `("a b", "select", plain, c, d)`],
  ["UNIQUE", `("select")`],
  ["", `(plain)`],
  ["", `(plain varchar_pattern_ops)`],
  ["", `("select" text_pattern_ops, "a b")`],
  ["", `("select" COLLATE "C")`],
  ["", `(c)`],
  ["", `(c COLLATE "default")`],
  ["", `("a b" DESC, "select")`],
  ["", `("a b", "select" NULLS FIRST)`],
  ["", `("a b") INCLUDE ("select")`],
  ["", `(d, e)`],
  ["", `(f)`],
  ["", `(g)`],
  ["", `(h, i, o, l)`],
  ["", `(lower("select"))`],
  ["", `("a b") WHERE l`],
  ["UNIQUE", `("a b", "select") WHERE "select" <> 'it''s' AND k IN (1, 2) OR i IS NULL`],
  ["", `("a b") WHERE CASE WHEN l THEN k > 1 ELSE c LIKE '%{CASE %' END`],
  ["", `("a b") WHERE plain = '{CASE '`],
  ["", `("a b") WITH (fillfactor = 70) WHERE f[1] > 3`],
  ["", `("a b" DESC) WHERE l`],
  ["", `("a b") WITH (fillfactor = 70)`],
  ["", `USING hash ("a b")`],
  ["", `USING gin (p)`],
  ["", `USING brin (i)`],
] as const;

const definitionsIn = async (url: string, kind: string) => {
  const { facts, complete } = await snapshotAt(url);
  expect(complete).toBe(true);
  const some = facts.filter((fact) => fact.kind === kind);
  return new Map(
    some.map(({ identity, name, facets: { structure = {} } }) => [
      kind === "column" ? name : identity,
      structure,
    ]),
  );
};

test("an index that we print ourselves reads as PostgreSQL prints it", async () => {
  const sql = indexes.map(
    ([unique, of], n) =>
      `CREATE ${unique} INDEX "i ""${n}" ON "a.""b"."Order ""x" ${of.startsWith("(") ? `USING btree ${of}` : of};`,
  );
  await using db = await testDatabase({
    sql: `${tables}${sql.join("")}
      CREATE INDEX on_parted ON parted (a);
      CREATE INDEX only_parted ON ONLY parted (b);
      ALTER TABLE part ADD PRIMARY KEY (a);`,
  });
  if (db.major >= 15) {
    await db.sql("CREATE UNIQUE INDEX one_null ON parted (a) NULLS NOT DISTINCT");
  }
  const check = async () => {
    const said = await definitionsIn(db.url(), "index");
    const printed = await db.sql<{ identity: string; text: string }>(`
      SELECT i.indexrelid::regclass::text AS identity,
             regexp_replace(pg_get_indexdef(i.indexrelid), ' WITH [(]fillfactor=.70.[)]', '') AS text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)`);
    expect(printed.length).toBeGreaterThan(indexes.length + 3);
    for (const { identity, text } of printed) {
      const qualified = identity.includes(".") ? identity : `public.${identity}`;
      const onSchema = text.replace(/ ON (ONLY )?(part|parted) /, " ON $1public.$2 ");
      expect(said.get(qualified)?.definition, identity).toBe(onSchema);
    }
  };
  await check();
  // From now on text_ops is no longer what a varchar has by itself.
  await db.sql(`CREATE OPERATOR CLASS of_varchar DEFAULT FOR TYPE varchar USING btree AS
    OPERATOR 1 < (text, text), OPERATOR 2 <= (text, text), OPERATOR 3 = (text, text),
    OPERATOR 4 >= (text, text), OPERATOR 5 > (text, text), FUNCTION 1 bttextcmp(text, text)`);
  await check();
});

test("a default reads as PostgreSQL prints it, with its table or without", async () => {
  await using db = await testDatabase({ sql: tables });
  const said = await definitionsIn(db.url(), "column");
  await db.sql("SET search_path = pg_catalog");
  const printed = await db.sql<{ name: string; text: string }>(`
    SELECT a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS text
      FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum`);
  expect(printed).toHaveLength(11);
  for (const { name, text } of printed) expect(said.get(name)?.default, name).toBe(text);
});

test("a default that is a row of a locked table is unknown, and nobody waits for us", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE pair (a int, b int);
          CREATE TABLE t (a pair DEFAULT ROW(1, 2)::pair, b int DEFAULT ((ROW(3, 4)::pair).a));
          CREATE TABLE plain (a int DEFAULT 1);`,
  });
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE pair IN ACCESS EXCLUSIVE MODE");
  const { unread, facts } = await snapshotAt(db.url());
  expect(unread).toEqual([{ kind: "table", identity: "public.t", cause: "lock" }]);
  expect(facts.some(({ identity }) => identity === "public.plain.a")).toBe(true);
});

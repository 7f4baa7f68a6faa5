import { afterAll, beforeAll, expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { refine } from "../../lib/schema/refine.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";

const shop = `
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE "odd ""events" (id int NOT NULL, at date NOT NULL, kind text DEFAULT 'x' CHECK (kind <> ''),
    PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE INDEX by_kind ON "odd ""events" (kind);
  CREATE TRIGGER touched BEFORE UPDATE ON "odd ""events" FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TABLE events_2025 PARTITION OF "odd ""events" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE orders (id int PRIMARY KEY, total int, note text);
  CREATE INDEX orders_total ON orders (total);`;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ sql: shop });
});
afterAll(() => db[Symbol.asyncDispose]());

/** What is told of a change, and what is counted apart. */
async function told(sql: string, tenants: readonly string[] = []) {
  const before = seen ?? (await snapshotAt(db.url()));
  await db.sql(sql);
  seen = await snapshotAt(db.url());
  return tell(before, seen, tenants);
}

/** The schema as it is, where nobody changed it since it was read: one look less. */
let seen: Snapshot | undefined;

async function given(sql: string) {
  await db.sql(sql);
  seen = undefined;
}

function tell(before: Snapshot, after: Snapshot, tenants: readonly string[] = []) {
  const { differences, apart } = refine(diff(before, after), { before, after }, { tenants });
  const lines = differences.map(({ change, kind, identity, looksLike, tenants }) =>
    [
      `${change} ${kind} ${identity}`,
      ...(looksLike === undefined ? [] : [`~ ${looksLike}`]),
      ...(tenants === undefined ? [] : [`in ${tenants.count} of ${tenants.of}`]),
    ].join(" "),
  );
  return { lines, apart };
}

const partition = (name: string, year: number) =>
  `CREATE TABLE ${name} PARTITION OF "odd ""events" FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01')`;

test("a partition of its parent's shape is growth; one with something of its own is told", async () => {
  expect(await told(partition('"p ""2026"', 2026))).toEqual({
    lines: [],
    apart: ["1 new partition of the usual shape"],
  });
  expect(await told(`${partition("p2027", 2027)}; CREATE INDEX own ON p2027 (id)`)).toMatchObject({
    lines: ["added table public.p2027"],
  });
  expect(
    await told(`${partition("p2028", 2028)}; ALTER TABLE p2028 ALTER kind SET DEFAULT 'y'`),
  ).toMatchObject({ lines: ["added table public.p2028"] });
  expect(
    await told(`${partition("p2029", 2029)}; ALTER TABLE p2029 DISABLE TRIGGER touched`),
  ).toMatchObject({ lines: ["added table public.p2029"] });
});

test("a partition that is gone while no newer one came is told", async () => {
  const { lines, apart } = await told("DROP TABLE events_2025");
  expect({ lines, apart }).toEqual({ lines: ["removed table public.events_2025"], apart: [] });
});

test("a rename is suggested where one thing went and an equal one came, and never assumed", async () => {
  expect((await told("ALTER TABLE orders RENAME COLUMN total TO sum_total")).lines).toEqual(
    expect.arrayContaining([
      "added column public.orders.sum_total ~ public.orders.total",
      "removed column public.orders.total ~ public.orders.sum_total",
    ]),
  );
  expect((await told(`ALTER INDEX orders_total RENAME TO "odd ""index"`)).lines).toEqual([
    `added index public."odd ""index" ~ public.orders_total`,
    `removed index public.orders_total ~ public."odd ""index"`,
  ]);
  expect((await told(`ALTER TABLE orders RENAME TO "Bestellungen"`)).lines).toEqual(
    expect.arrayContaining([
      `added table public."Bestellungen" ~ public.orders`,
      `removed table public.orders ~ public."Bestellungen"`,
    ]),
  );
});

test("what changed in nothing but the name of something renamed is told with it", async () => {
  await given(`CREATE TABLE items (id int, "odd ""name" int CHECK ("odd ""name" > 0), "order" int REFERENCES "Bestellungen");
    CREATE INDEX by_name ON items ("odd ""name") WHERE "odd ""name" > 5;
    CREATE VIEW some_items AS SELECT "odd ""name" AS n FROM items`);
  expect((await told('ALTER TABLE items RENAME "odd ""name" TO "other ""name"')).lines).toEqual([
    'removed column public.items."odd ""name" ~ public.items."other ""name"',
    'added column public.items."other ""name" ~ public.items."odd ""name"',
  ]);
  expect((await told('ALTER TABLE "Bestellungen" RENAME TO ordered')).lines).toEqual([
    'removed table public."Bestellungen" ~ public.ordered',
    'added table public.ordered ~ public."Bestellungen"',
  ]);
  const both = `ALTER TABLE ordered RENAME TO again; ALTER TABLE again ADD new_one int;
    ALTER TABLE items ALTER "order" SET DEFAULT 1; DROP VIEW some_items`;
  expect((await told(both)).lines).toEqual([
    'changed column public.items."order"',
    "added table public.again ~ public.ordered",
    "removed table public.ordered ~ public.again",
    "removed view public.some_items",
  ]);
  expect((await told("DROP TABLE again CASCADE")).lines).toEqual(["removed table public.again"]);
});

test("a column that is dropped and made anew elsewhere is none", async () => {
  await given("CREATE TABLE others (id int, a text, b int)");
  const { lines } = await told("ALTER TABLE others DROP COLUMN a, ADD COLUMN c text");
  expect(lines).toEqual(["removed column public.others.a", "added column public.others.c"]);
});

test("a schema comes and goes with all that is in it; one that is renamed looks like it", async () => {
  const inside = `CREATE TABLE "odd ""schema".t (a int PRIMARY KEY); CREATE TYPE "odd ""schema".e AS ENUM ('a');
    CREATE FUNCTION "odd ""schema".f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE "odd ""schema".p (a int) PARTITION BY RANGE (a);
    CREATE TABLE "odd ""schema".p1 PARTITION OF "odd ""schema".p FOR VALUES FROM (1) TO (2)`;
  expect((await told(`CREATE SCHEMA "odd ""schema"; ${inside}`)).lines).toEqual([
    'added schema "odd ""schema"',
  ]);
  expect((await told('ALTER SCHEMA "odd ""schema" RENAME TO other')).lines.toSorted()).toEqual([
    'added schema other ~ "odd ""schema"',
    'removed schema "odd ""schema" ~ other',
  ]);
  expect((await told("DROP SCHEMA other CASCADE; CREATE SCHEMA more")).lines.toSorted()).toEqual([
    "added schema more",
    "removed schema other",
  ]);
});

test("what changes in many schemas that are made alike is told once, with how many", async () => {
  const names = ["tenant_1", "tenant_2", 'tenant_"3'].map(
    (name) => `"${name.replaceAll('"', '""')}"`,
  );
  const make = (schema: string) =>
    `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.orders (id int PRIMARY KEY, total int);
     CREATE VIEW ${schema}.big AS SELECT id FROM ${schema}.orders WHERE total > 9`;
  await given(names.map(make).join(";"));
  const change = names.slice(0, 2).map((name) => `ALTER TABLE ${name}.orders ADD note text`);
  expect(await told(change.join(";"), ["tenant_*"])).toEqual({
    lines: ["added column tenant_*.orders.note in 2 of 3"],
    apart: [],
  });
  const like = `${make("tenant_4")}; ALTER TABLE tenant_4.orders ADD note text`;
  const { lines, apart } = await told(like, ["tenant_*"]);
  expect({ lines, apart }).toEqual({ lines: [], apart: ["1 new tenant schema like the others"] });
  const both = `ALTER TABLE ${names[0]}.orders ALTER note TYPE int USING 1; ALTER TABLE ${names[1]}.orders ALTER note SET DEFAULT 'x'`;
  expect((await told(both, ["tenant_*"])).lines).toEqual([
    "changed column tenant_*.orders.note in 1 of 4",
    "changed column tenant_2.orders.note in 1 of 4",
  ]);
});

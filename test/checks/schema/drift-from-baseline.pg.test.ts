import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromBaseline } from "../../../lib/checks/schema/drift-from-baseline.ts";
import { seal } from "../../../lib/schema/baseline.ts";
import { snapshotKey } from "../../../lib/schema/stored.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { snapshotAt } from "../../support/schema.ts";

const target = { environment: "production", name: "orders" };
const approval = {
  by: "anna@example.com",
  why: "release 41",
  now: new Date("2026-11-19T03:00:00Z"),
};

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total int DEFAULT 3 CONSTRAINT positive CHECK (total > 0));
  CREATE INDEX orders_total ON orders (total);
  CREATE VIEW big AS SELECT id FROM orders WHERE total > 100;
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();`;

async function sealed(sql = shop) {
  const db = await testDatabase({ sql });
  const store = memoryStore();
  await seal(store, target, await snapshotAt(db.url()), approval);
  return { db, store, look: () => look(db.url(), schemaDriftFromBaseline, { store, target }) };
}

test("nothing sealed is not applicable, with the words to type", async () => {
  await using db = await testDatabase();
  expect(
    await look(db.url(), schemaDriftFromBaseline, { store: memoryStore(), target }),
  ).toMatchObject({
    status: "skipped",
    cause: "not-applicable",
    scope: "no baseline",
    reason: "nothing sealed yet",
    cure: 'pgvigil seal --target production/orders --why "…"',
  });
});

test("the sealed schema passes, and says by whom it was sealed", async () => {
  const { db, look } = await sealed();
  await using _ = db;
  const outcome = await look();
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toMatch(
    /^\d+ objects; held against what anna@example.com sealed on 2026-11-19 \(release 41\)$/,
  );
});

test("each change names its object, shows both definitions, and the words that changed", async () => {
  const { db, look } = await sealed();
  await using _ = db;
  await db.sql("ALTER TABLE orders ALTER total SET DEFAULT 5; CREATE INDEX by_hand ON orders (id)");
  const outcome = await look();
  expect(saying(outcome)).toEqual(["warning public.by_hand", "warning public.orders.total"]);
  const [index, column] = outcome.findings;
  expect(index?.summary).toBe(
    "Index public.by_hand was added since the baseline was sealed on 2026-11-19",
  );
  expect(index?.remedy?.sql).toBe("DROP INDEX CONCURRENTLY public.by_hand;");
  expect(column).toMatchObject({
    object: { kind: "column", schema: "public", table: "orders", name: "total" },
    summary:
      "Column public.orders.total has the default 5 now, had 3; changed since the baseline was sealed on 2026-11-19",
    evidence: {
      before: "total integer DEFAULT 3",
      after: "total integer DEFAULT 5",
      words: [
        { is: "same", text: "total integer DEFAULT " },
        { is: "removed", text: "3" },
        { is: "added", text: "5" },
      ],
    },
    remedy: { sql: "ALTER TABLE public.orders ALTER COLUMN total SET DEFAULT 3;" },
  });
});

const changes: readonly (readonly [string, string])[] = [
  ["an index more", "CREATE INDEX by_hand ON orders (id)"],
  ["an index gone", "DROP INDEX orders_total"],
  [
    "an index invalid",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_total'::regclass",
  ],
  ["a default", "ALTER TABLE orders ALTER total SET DEFAULT 4"],
  ["no default", "ALTER TABLE orders ALTER total DROP DEFAULT"],
  ["NOT NULL", "ALTER TABLE orders ALTER total SET NOT NULL"],
  ["a constraint more", 'ALTER TABLE orders ADD CONSTRAINT "odd ""name" CHECK (id > 0)'],
  ["a constraint gone", "ALTER TABLE orders DROP CONSTRAINT positive"],
  [
    "a constraint not valid",
    "ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (total > 0) NOT VALID",
  ],
  ["a trigger disabled", "ALTER TABLE orders DISABLE TRIGGER touched"],
  ["a trigger gone", "DROP TRIGGER touched ON orders"],
  ["a view changed", "CREATE OR REPLACE VIEW big AS SELECT id FROM orders WHERE total > 99"],
  ["a view gone", "DROP VIEW big"],
  [
    "a function changed",
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
  ],
  [
    "a function more",
    "CREATE FUNCTION more(a int DEFAULT 2) RETURNS SETOF int LANGUAGE sql STABLE SET work_mem = '1MB' AS 'SELECT a'",
  ],
];

describe("the remedy brings the sealed schema back", () => {
  let at: Awaited<ReturnType<typeof sealed>>;
  beforeAll(async () => {
    at = await sealed();
  });
  afterAll(() => at.db[Symbol.asyncDispose]());

  test.each(changes)("%s", async (_name, sql) => {
    await at.db.sql(sql);
    const { findings } = await at.look();
    expect(findings).toHaveLength(1);
    for (const statement of findings[0]?.remedy?.sql?.split(/;\n(?=ALTER)/) ?? []) {
      await at.db.sql(statement);
    }
    expect(await at.look()).toMatchObject({ status: "passed" });
  });
});

test("grants, comments, counters, partitions and renames are brought back, several attributes in one", async () => {
  const { db, look } = await sealed(`${shop}
    GRANT SELECT, INSERT ON orders TO pg_monitor; GRANT UPDATE (total) ON orders TO pg_monitor;
    CREATE SEQUENCE ticks; COMMENT ON SEQUENCE ticks IS 'it''s'; CREATE TYPE mood AS ENUM ('a');
    CREATE TABLE others (a int, "odd ""name" int); CREATE TABLE events (at date) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE TABLE serials (id serial);`);
  await using _ = db;
  await db.sql(`
    REVOKE INSERT ON orders FROM pg_monitor; GRANT UPDATE ON orders TO pg_monitor;
    GRANT ALL ON big TO pg_read_all_stats; REVOKE UPDATE (total) ON orders FROM pg_monitor;
    REVOKE EXECUTE ON FUNCTION touch FROM PUBLIC; REVOKE USAGE ON TYPE mood FROM PUBLIC;
    ALTER SEQUENCE ticks INCREMENT 5 MAXVALUE 50 CYCLE; COMMENT ON SEQUENCE ticks IS NULL;
    ALTER FUNCTION touch() STABLE SECURITY DEFINER; COMMENT ON COLUMN orders.id IS 'number';
    ALTER TABLE others RENAME "odd ""name" TO "other ""name";
    ALTER TABLE events DETACH PARTITION events_1;
    ALTER TABLE serials OWNER TO pg_monitor;`);
  const { findings } = await look();
  expect(findings.map(({ summary }) => summary.replace(/ since .*/, ""))).toEqual([
    "View public.big grants ALL to pg_read_all_stats now; changed",
    "Table public.events_1 is no longer a partition of public.events; changed",
    "Enum public.mood no longer grants the usual privileges to PUBLIC; changed",
    "Table public.orders grants UPDATE to pg_monitor now and no longer grants INSERT to pg_monitor; changed",
    "Column public.orders.id has a comment now; changed",
    "Column public.orders.total no longer grants UPDATE to pg_monitor; changed",
    'Column public.others."odd ""name" was removed',
    'Column public.others."other ""name" was added',
    "Table public.serials belongs to pg_monitor now, did to postgres; changed",
    "Sequence public.ticks changed (cycle, increment, max, comment)",
    "Function public.touch() changed (security definer, volatility, privileges of PUBLIC)",
  ]);
  for (const { remedy } of findings) await db.sql(remedy?.sql ?? "");
  expect(await look()).toMatchObject({ status: "passed" });
});

test("a new table is one finding, with its columns under it", async () => {
  const { db, look } = await sealed();
  await using _ = db;
  await db.sql(`CREATE TABLE "x""; DROP TABLE orders; --" (id int PRIMARY KEY, "a b" text)`);
  const outcome = await look();
  expect(saying(outcome)).toEqual([`warning public."x""; DROP TABLE orders; --"`]);
  expect(outcome.findings[0]?.detail?.[0]).toMatch(
    /^With it: 2 columns added, 1 constraint added, 1 index added/,
  );
});

test("a table that is locked is unknown; what is beside it is told all the same", async () => {
  const { db, look } = await sealed();
  await using _ = db;
  await db.sql("CREATE TABLE by_hand (id int)");
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  const outcome = await look();
  expect(saying(outcome)).toEqual(["warning public.by_hand"]);
  expect(outcome).toMatchObject({
    cause: "lock",
    reason: expect.stringContaining("table public.orders"),
  });
});

test("a baseline whose objects are gone is an error, never a pass", async () => {
  const { db, store, look } = await sealed();
  await using _ = db;
  const { checksum } = (await snapshotAt(db.url())).tree;
  await store.put(snapshotKey(checksum), new TextEncoder().encode("damaged"));
  await db.sql("CREATE TABLE by_hand (id int)");
  expect(await look()).toMatchObject({
    status: "skipped",
    cause: "error",
    reason: expect.stringContaining("damaged"),
  });
});

test("a role without privileges finds the same", async () => {
  const { db, store } = await sealed();
  await using _ = db;
  await db.sql("DROP INDEX orders_total");
  const { name } = await db.role();
  await db.sql(`REVOKE CONNECT ON DATABASE ${db.name} FROM ${name}`); // PUBLIC may
  const outcome = await look(db.url({ user: name }), schemaDriftFromBaseline, { store, target });
  expect(saying(outcome)).toEqual(["warning public.orders_total"]);
});

test("on a partitioned table an index is one finding, its partitions' are under it", async () => {
  const { db, look } = await sealed(`
    CREATE TABLE events (at date) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`);
  await using _ = db;
  await db.sql("CREATE INDEX by_hand ON events (at)");
  const outcome = await look();
  expect(saying(outcome)).toEqual(["warning public.by_hand"]);
  expect(outcome.findings[0]?.detail).toEqual(["With it: 1 index added (public.events_1_at_idx)."]);
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect((await look()).status).toBe("passed");
});

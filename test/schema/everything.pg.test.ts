import { expect, test } from "vitest";
import { knownCatalogs } from "../../lib/schema/unmodelled.ts";
import { testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";
import { everythingNamed } from "./hostile-names.ts";

const more = `
  CREATE TYPE plain.shell;
  ALTER DEFAULT PRIVILEGES IN SCHEMA plain GRANT SELECT ON TABLES TO PUBLIC;
  CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
  CREATE CAST (plain.pair AS text) WITH INOUT AS ASSIGNMENT;
  CREATE TABLE plain.typed OF plain.pair;
  CREATE OPERATOR CLASS plain.c FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
  SELECT lo_create(0);`;

/**
 * What is in the database, asked of PostgreSQL itself: whatever depends on something, but for what
 * comes with another object by itself.
 */
const theirs = `
  SELECT i.type, i.identity
    FROM (SELECT classid, objid FROM pg_depend
           UNION
          SELECT refclassid, refobjid FROM pg_depend) d,
         pg_identify_object(d.classid, d.objid, 0) i
   WHERE d.objid >= 16384 AND i.identity IS NOT NULL
     AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
                                               AND e.deptype = 'e')
     AND i.schema IS DISTINCT FROM 'pg_toast'
     AND i.identity NOT LIKE '"_RETURN" on %'
     AND i.type NOT IN ('default value', 'toast table', 'large object',
                        'operator of access method', 'function of access method')
     AND NOT (d.classid = 'pg_type'::regclass
              AND EXISTS (SELECT FROM pg_type t WHERE t.oid = d.objid
                             AND (t.typcategory = 'A' OR t.typtype = 'm'   -- an array, a multirange
                                  OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid
                                                AND c.relkind <> 'c'))))
     AND NOT (d.classid = 'pg_class'::regclass
              AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relkind = 'c'))
     AND NOT (d.classid = 'pg_constraint'::regclass
              AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype = 'n'))
     AND NOT (d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)   -- a range's own
              AND EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid
                             AND x.deptype = 'i'))
   ORDER BY 1, 2`;

test("nothing that somebody made is silently missed: it is read, or it is counted", async () => {
  await using db = await testDatabase({ sql: everythingNamed("plain") + more });
  const made = await db.sql<{ type: string; identity: string }>(theirs);
  expect(made.length).toBeGreaterThan(40);
  const { facts, unmodelled } = await snapshotAt(db.url());
  const read = new Set(facts.map(({ identity }) => identity));
  const missed = made.filter(({ identity }) => !read.has(identity));
  const { "large object": large, "user mapping options": hidden, role: _, ...others } = unmodelled;
  expect({ large, hidden }).toEqual({ large: 1, hidden: 1 });
  const counted = Object.values(others).reduce((sum, n) => sum + n, 0);
  expect(missed.length, JSON.stringify({ missed, others })).toBeLessThanOrEqual(counted);
});

test("each catalog of this server is known: a new one would be counted", async () => {
  await using db = await testDatabase();
  const catalogs = await db.sql<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'pg_catalog' AND c.relkind = 'r' ORDER BY 1`,
  );
  const known = new Set(knownCatalogs);
  expect(catalogs.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

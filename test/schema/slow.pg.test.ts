import { expect, test } from "vitest";
import { DatabaseError } from "../../lib/core/errors.ts";
import type { Session } from "../../lib/core/ports.ts";
import { diff } from "../../lib/schema/diff.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";

const shop = `
  CREATE TABLE a (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE TABLE b (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE TABLE c (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW d AS SELECT * FROM b;`;

/** What is asked about objects runs out of time where it is too much; some rows have come by then. */
function slowed(session: Session, isTooMuch: (sql: string) => boolean) {
  const asked: boolean[] = [];
  const slow: Session = {
    ...session,
    async each(statement, begin) {
      const isLate = statement.id === "schema-objects" && isTooMuch(statement.sql);
      if (statement.id === "schema-objects") asked.push(!isLate);
      let left = isLate ? 2 : Number.POSITIVE_INFINITY;
      await session.each(statement, () => {
        const take = begin();
        return (row) => {
          left -= 1;
          if (left >= 0) take(row);
        };
      });
      if (isLate) throw new DatabaseError("timeout", "it took too long", { hint: "" });
    },
  };
  return { slow, asked };
}

const unitsIn = (sql: string) =>
  [...sql.matchAll(/'\{([\d,]+)\}'::oid\[\] AS/g)].flatMap(([, oids = ""]) => oids.split(","));

test("what does not come in time is asked for in halves, and it is the same snapshot", async () => {
  await using db = await testDatabase({ sql: shop });
  await using session = await sessionAt(db.url());
  const { server } = session;
  const whole = await takeSnapshot({ session, server });
  const { slow, asked } = slowed(session, (sql) => unitsIn(sql).length > 2);
  const inParts = await takeSnapshot({ session: slow, server });
  expect(inParts).toMatchObject({ complete: true, unread: [] });
  expect(inParts.facts).toEqual(whole.facts);
  expect(inParts.tree.checksum).toBe(whole.tree.checksum);
  // Five are too many, and three; after the first two, the other three are tried once more.
  const once = [false, false, true, false, true, true];
  // Where other tests make roles or databases meanwhile, it is read again from its beginning.
  const readings = Math.max(1, asked.length / once.length);
  expect(asked).toEqual(Array.from({ length: readings }, () => once).flat());
});

test("what does not come in time even alone is unknown, and no difference; the rest is read", async () => {
  await using db = await testDatabase({ sql: shop });
  await using session = await sessionAt(db.url());
  const { server } = session;
  const whole = await takeSnapshot({ session, server });
  const [row] = await db.sql("SELECT 'b'::regclass::oid::int8 AS oid");
  const { slow } = slowed(session, (sql) => unitsIn(sql).includes(String(row?.oid)));
  const partly = await takeSnapshot({ session: slow, server });
  expect(partly.complete).toBe(false);
  expect(partly.unread).toEqual([{ kind: "table", identity: "public.b", cause: "timeout" }]);
  expect(diff(whole, partly)).toEqual([]);
  const names = partly.facts.map(({ kind, identity }) => `${kind} ${identity}`);
  expect(names).toContain("function public.b()");
  expect(names).toContain("view public.d");
  expect(names.filter((name) => name.includes("public.b."))).toEqual([]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { byPlace, type Fact, facetNames, keyOf } from "../../lib/schema/fact.ts";
import { treeOf } from "../../lib/schema/tree.ts";

const name = fc.constantFrom("a", "b", "c d", 'q"q', "é", "😀");
const attributes = fc.dictionary(
  fc.constantFrom("type", "default", "owner"),
  fc.oneof(fc.string(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 })),
  { minKeys: 1, maxKeys: 3 },
);
/** Column order has a rule of its own: see below. */
const facets = facetNames.filter((facet) => facet !== "columnOrder");
/** Of one identity there is one place: a part's table is in its identity, as in PostgreSQL's. */
const fact: fc.Arbitrary<Fact> = fc
  .record({
    kind: fc.constantFrom("table", "column", "index"),
    schema: name,
    name,
    table: name,
    facets: fc.dictionary(fc.constantFrom(...facets), attributes, { maxKeys: 4 }),
  })
  .map(({ table, ...some }) =>
    some.kind === "table"
      ? { ...some, identity: `${some.schema}.${some.name}` }
      : {
          ...some,
          identity: `${some.schema}.${table}.${some.name}`,
          table,
          partOf: [`table ${some.schema}.${table}`],
        },
  );

/** A schema: no two objects of one kind and identity. */
const schema = fc
  .uniqueArray(fact, { selector: keyOf, maxLength: 12 })
  .map((facts) => facts.toSorted(byPlace));

const whole = (facts: readonly Fact[]) => ({ facts, unread: [] });

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(schema, (a) => {
      expect(diff(whole(a), whole(a))).toEqual([]);
    }),
  );
});

test("held the other way round, each difference is the same one mirrored", () => {
  const mirrored = { added: "removed", removed: "added", changed: "changed" } as const;
  fc.assert(
    fc.property(schema, schema, (a, b) => {
      const there = diff(whole(a), whole(b));
      const back = diff(whole(b), whole(a));
      expect(back).toEqual(
        there.map(({ change, before, after, attributes, consequences, ...rest }) => ({
          ...rest,
          change: mirrored[change],
          before: after,
          after: before,
          attributes: attributes.map((a) => ({ ...a, before: a.after, after: a.before })),
          consequences: consequences.map((c) => ({ ...c, change: mirrored[c.change] })),
        })),
      );
    }),
  );
});

test("two schemas have one checksum exactly where nothing differs between them", () => {
  fc.assert(
    fc.property(schema, schema, (a, b) => {
      const isSame = treeOf(a).checksum === treeOf(b).checksum;
      expect(diff(whole(a), whole(b)).length === 0).toBe(isSame);
    }),
  );
});

test("the checksum does not depend on the order in which objects came", () => {
  fc.assert(
    fc.property(schema, fc.infiniteStream(fc.nat()), (a, numbers) => {
      const shuffled = a
        .map((each) => [numbers.next().value ?? 0, each] as const)
        .toSorted(([x], [y]) => x - y)
        .map(([, each]) => each);
      expect(treeOf(shuffled)).toEqual(treeOf(a));
    }),
  );
});

test("any change of any attribute changes the root, its facet's checksum, and no other facet's", () => {
  fc.assert(
    fc.property(schema, fc.constantFrom(...facetNames), fc.nat(), (a, facet, place) => {
      const victim = a[place % Math.max(1, a.length)];
      if (victim === undefined) return;
      const facets = { ...victim.facets, [facet]: { ...victim.facets[facet], "never said": "so" } };
      const b = a.map((each) => (each === victim ? { ...each, facets } : each));
      const [one, other] = [treeOf(a), treeOf(b)];
      expect(other.checksum).not.toBe(one.checksum);
      for (const each of facetNames) {
        expect(other.facets[each] === one.facets[each]).toBe(each !== facet);
      }
      expect(diff(whole(a), whole(b)).map(keyOf)).toEqual([keyOf(victim)]);
    }),
  );
});

const table: Fact = {
  kind: "table",
  identity: "public.orders",
  schema: "public",
  name: "orders",
  facets: { columnOrder: { columns: ["id", "total"] } },
};
const column = (column: string): Fact => ({
  kind: "column",
  identity: `public.orders.${column}`,
  schema: "public",
  name: column,
  table: "orders",
  partOf: ["table public.orders"],
  facets: { structure: { type: "integer" } },
});
const index: Fact = {
  kind: "index",
  identity: "public.orders_pkey",
  schema: "public",
  name: "orders_pkey",
  partOf: ["table public.orders", "constraint orders_pkey on public.orders"],
  facets: {},
};
const sorted = (...facts: Fact[]) => whole(facts.toSorted(byPlace));

test("what comes with a new table is told under it", () => {
  const [only, ...others] = diff(sorted(), sorted(table, column("id"), column("total"), index));
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    change: "added",
    identity: "public.orders",
    consequences: [
      { change: "added", kind: "column", identity: "public.orders.id" },
      { change: "added", kind: "column", identity: "public.orders.total" },
      { change: "added", kind: "index", identity: "public.orders_pkey" },
    ],
  });
});

test("a column in the middle is one difference: that the others moved on is none", () => {
  const columns = (...list: string[]) => ({ ...table, facets: { columnOrder: { columns: list } } });
  expect(
    diff(
      sorted(columns("id", "total"), column("id"), column("total")),
      sorted(columns("id", "note", "total"), column("id"), column("note"), column("total")),
    ).map(({ identity }) => identity),
  ).toEqual(["public.orders.note"]);
  expect(
    diff(sorted(columns("id", "total")), sorted(columns("total", "id"))).map((d) => d.attributes),
  ).toMatchObject([[{ facet: "columnOrder", attribute: "columns" }]]);
});

test("what either side could not read is unknown, with all its parts", () => {
  const unread = [{ kind: "table", identity: "public.orders" }];
  const all = sorted(table, column("id"), index);
  expect(diff(all, { facts: [], unread })).toEqual([]);
  expect(diff({ facts: [], unread }, all)).toEqual([]);
  expect(diff(all, sorted())).toHaveLength(1);
});

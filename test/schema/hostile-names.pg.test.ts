import { expect, test } from "vitest";
import { definitionOf } from "../../lib/schema/describe.ts";
import { keyOf } from "../../lib/schema/fact.ts";
import { readSnapshot, writeSnapshot } from "../../lib/schema/file.ts";
import { testDatabase } from "../support/database.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";
import { everythingNamed, hostile, quoted } from "./hostile-names.ts";

const everything = hostile.map(everythingNamed).join("\n");

test("whatever an object of any kind is called, it is read, by everybody alike", async () => {
  await using db = await testDatabase({ sql: everything });
  const all = await snapshotAt(db.url());
  expect(all.complete).toBe(true);
  expect(new Set(all.facts.map(keyOf)).size).toBe(all.facts.length);
  const perName = hostile.map(
    (name) => all.facts.filter((fact) => (fact.schema ?? fact.name) === name).length,
  );
  expect(new Set(perName).size, "each name has as many objects as the others").toBe(1);
  expect(perName[0]).toBeGreaterThan(35);
  for (const fact of all.facts) expect(definitionOf(fact).length).toBeGreaterThan(0);

  const { name } = await db.role();
  const asSuperuser = await snapshotAt(db.url());
  const asNobody = await snapshotAt(db.url({ user: name }));
  expect(sayDifferences(asSuperuser, asNobody)).toEqual([]);

  const stored = readSnapshot(writeSnapshot(all), "a file");
  expect(stored.tree).toEqual(all.tree);
  expect(stored.facts).toEqual(all.facts);
});

test("and it is gone, and nothing else is, when it is dropped", async () => {
  await using db = await testDatabase({ sql: everything });
  const before = await snapshotAt(db.url());
  const [victim = ""] = hostile;
  const n = quoted(victim);
  await db.sql(
    `DROP SCHEMA ${n} CASCADE; DROP FOREIGN DATA WRAPPER ${n} CASCADE; DROP PUBLICATION ${n}`,
  );
  const after = await snapshotAt(db.url());
  const others = before.facts.filter(
    ({ schema, name, identity }) => (schema ?? name) !== victim && !identity.includes(n),
  );
  expect(after.facts.map(keyOf)).toEqual(others.map(keyOf));
});

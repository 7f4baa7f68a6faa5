import { expect, test } from "vitest";
import { definitionOf } from "../../lib/schema/describe.ts";
import { type Fact, keyOf } from "../../lib/schema/fact.ts";
import { testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";
import { baseTypesBase } from "./mutations/base-types.ts";
import { languagesBase } from "./mutations/languages.ts";
import { base } from "./mutations/mutation.ts";
import { operatorsBase } from "./mutations/operators.ts";
import { routinesBase } from "./mutations/routines.ts";
import { textSearchBase } from "./mutations/text-search.ts";
import { typesBase } from "./mutations/types.ts";

/** Kinds whose definition, run as it stands, makes the object that it is of. */
const complete = [
  "domain",
  "range",
  "aggregate",
  "operator",
  "operator family",
  "cast",
  "conversion",
  "collation",
  "text search parser",
  "text search template",
  "text search dictionary",
  "text search configuration",
  "transform",
  "access method",
];

test("what is told as the definition of an object makes it again", async () => {
  const sql = [
    base,
    typesBase,
    baseTypesBase,
    languagesBase,
    routinesBase,
    operatorsBase,
    textSearchBase,
  ].join(";\n");
  await using db = await testDatabase({ sql });
  const before = await snapshotAt(db.url());
  const facts = before.facts.filter(({ kind }) => complete.includes(kind));
  expect(new Set(facts.map(({ kind }) => kind)).size).toBe(complete.length);
  for (const fact of facts) {
    const only = { ...fact, facets: { structure: fact.facets.structure ?? {} } };
    await db.sql(`DROP ${dropWords(fact)} CASCADE; ${definitionOf(only)}`);
  }
  const after = new Map((await snapshotAt(db.url())).facts.map((fact) => [keyOf(fact), fact]));
  for (const fact of facts) {
    const again = after.get(keyOf(fact))?.facets.structure;
    expect(again, keyOf(fact)).toEqual(fact.facets.structure);
  }
});

function dropWords({ kind, identity, facets }: Fact): string {
  if (kind === "range") return `TYPE IF EXISTS ${identity}`;
  if (kind !== "aggregate") return `${kind.toUpperCase()} IF EXISTS ${identity}`;
  return `AGGREGATE ${identity.slice(0, identity.indexOf("("))}(${facets.structure?.arguments})`;
}

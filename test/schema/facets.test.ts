import { expect, test } from "vitest";
import type { Fact } from "../../lib/schema/fact.ts";
import { inFacets } from "../../lib/schema/in-facets.ts";

const facts: readonly Fact[] = [
  {
    kind: "parameter",
    identity: "work_mem",
    name: "work_mem",
    facets: { privileges: { app: [] } },
  },
  { kind: "schema", identity: "app", name: "app", facets: { ownership: { owner: "anna" } } },
  { kind: "user mapping", identity: "app on server there", name: "app", facets: {} },
];

test("where privileges are not compared, neither is what is a grant and nothing else", () => {
  const kinds = inFacets(facts, ["structure"]).map(({ kind }) => kind);
  expect(kinds).toEqual(["schema", "user mapping"]);
  expect(inFacets(facts, ["structure", "privileges"])).toHaveLength(3);
});

import { expect, test } from "vitest";
import type { AttributeChange } from "../../lib/schema/diff.ts";
import type { FacetName } from "../../lib/schema/fact.ts";
import { sayChange } from "../../lib/schema/saying.ts";

type Value = AttributeChange["before"];
const say = (path: `${FacetName}.${string}`, before: Value, after: Value): string => {
  const [, facet, attribute = ""] = /^(\w+)\.(.*)$/.exec(path) ?? [];
  return sayChange({ facet: facet as FacetName, attribute, before, after });
};

const off = [
  "RI_FKey_check_ins on public.lines is disabled",
  "RI_FKey_check_upd on public.lines is disabled",
];

test.each<[Parameters<typeof say>[0], Value, Value, string]>([
  ["structure.type", "integer", "bigint", "is bigint now, was integer"],
  ["structure.default", null, "3", "has the default 3 now, had none"],
  ["structure.default", "3", null, "has no default any more, had 3"],
  ["structure.notNull", true, null, "is no longer NOT NULL"],
  ["structure.labels", ["a", "b"], ["a", "b", "c"], "has c now"],
  ["structure.labels", ["a", "b"], ["b", "a"], "has its labels in another order"],
  ["validity.invalid", null, true, "is invalid now"],
  ["validity.invalid", true, null, "is valid again"],
  ["validity.fires", null, "disabled", "is disabled now"],
  ["validity.fires", "disabled", null, "fires again as usual (it was disabled)"],
  ["validity.fires", null, "on replicas only", "fires on replicas only now"],
  [
    "validity.triggers",
    null,
    off,
    "is no longer enforced: its triggers on public.lines are disabled",
  ],
  ["validity.triggers", off, null, "is enforced again"],
  ["inheritance.partitionOf", "public.events", null, "is no longer a partition of public.events"],
  ["privileges.bob", null, ["SELECT"], "grants SELECT to bob now"],
  ["privileges.PUBLIC", ["EXECUTE"], null, "no longer grants EXECUTE to PUBLIC"],
  [
    "privileges.bob",
    ["INSERT"],
    ["SELECT"],
    "grants SELECT to bob now and no longer grants INSERT to bob",
  ],
  ["ownership.owner", "anna", "bob", "belongs to bob now, did to anna"],
  ["columnOrder.columns", ["a", "b"], ["b", "a"], "has its columns in another order"],
  // What has no words of its own is said by its name.
  ["physical.fillFactor", "90", "70", "has fill factor 70 now, had 90"],
  ["structure.leakproof", null, true, "is leakproof now"],
  ["structure.body", "a".repeat(200), "b", "has another body"],
  ["structure.check", "a".repeat(200), "b", "has another check"],
])("%s: %j -> %j: it %s", (path, before, after, words) => {
  expect(say(path, before, after)).toBe(words);
});

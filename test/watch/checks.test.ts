import { expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";
import { checksOf, type Place } from "../../lib/service/watch/checks.ts";

const none = () => false;
const idsOf = (place: Place, adds: (profile: string, id: string) => boolean = none) =>
  checksOf(place)(adds).map(({ id }) => id);

test("a look between holds the profile's own checks, and what the configuration adds", () => {
  const own = checks.filter(({ profiles }) => profiles.includes("watch")).map(({ id }) => id);
  expect(idsOf("between")).toEqual(own);
  expect(idsOf("before")).toEqual(own);
  const added = idsOf(
    "between",
    (profile, id) => `${profile} ${id}` === "watch configuration/ignore-rules",
  );
  expect(added).toContain("configuration/ignore-rules");
});

test("the first look adds migrations; the last all that looks at this database alone", () => {
  const more = idsOf("first").filter((id) => !idsOf("between").includes(id));
  expect(more.every((id) => id.startsWith("migrations/"))).toBe(true);
  const last = new Set(idsOf("last"));
  for (const id of idsOf("first")) expect(last).toContain(id);
  expect(last).toContain("configuration/ignore-rules");
  expect(last).not.toContain("schema/drift-from-environment");
});

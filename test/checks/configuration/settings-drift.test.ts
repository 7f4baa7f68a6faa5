import { expect, test } from "vitest";
import { sayChange } from "../../../lib/checks/configuration/settings-drift/finding.ts";
import { longestValue } from "../../../lib/checks/reads/settings.ts";

const remedyFor = (was: string) =>
  sayChange(
    {
      ...{ level: "role", database: "", role: "web", name: "app.banner", unit: null },
      ...{ value: "short", was, how: "changed", isPending: false },
    },
    "notice",
    "since the last look",
  ).remedy?.sql;

test("a value of which no more is known than its beginning is not set back to that", () => {
  expect(remedyFor("x".repeat(longestValue - 1))).toMatch(
    /^ALTER ROLE web SET app\.banner = 'x+';$/,
  );
  expect(remedyFor("x".repeat(longestValue))).toBeUndefined();
});

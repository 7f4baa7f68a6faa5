import { describe, expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";
import { exampleServer } from "../../lib/core/example-server.ts";
import { optionsOf } from "../../lib/run/choose.ts";
import { judge } from "../../lib/run/judge.ts";

const target = { environment: "production", name: "orders" };

describe.each(checks)("$id", (check) => {
  test.each(check.examples)("$name", (example) => {
    const profile = example.profile ?? "nightly";
    const outcome = judge(
      { check, options: optionsOf(check, { ...check.presets?.[profile], ...example.options }) },
      example.evidence,
      {
        now: new Date(example.now ?? "2026-11-20T03:00:00Z"),
        server: { ...exampleServer, ...example.server },
        profile,
        previous: example.previous,
        baseline: example.baseline,
      },
      target,
      [],
    );
    expect(outcome.findings.map((f) => `${f.severity} ${f.object.identity}`)).toEqual(
      example.finds,
    );
    expect(outcome.cause).toBe(example.blind);
  });

  test("its evidence fits its reads, so that the examples are rows a server could send", () => {
    for (const example of check.examples) {
      for (const [name, read] of Object.entries(check.reads)) {
        const schema = read.kind === "sql" ? read.row.array() : read.result;
        expect(schema.safeParse(example.evidence[name]).error).toBeUndefined();
      }
    }
  });
});

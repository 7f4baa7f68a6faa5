import { expect, test } from "vitest";
import { differencesBetween, sayPrinted } from "../../../lib/schema/canonical/differences.ts";
import type { Fact } from "../../../lib/schema/fact.ts";
import { blindnessOf } from "../../../lib/schema/judgement.ts";

/** A view as a server printed it, and a column whose type is the same or not. */
const printed = (major: number, definition: string, type: string) => ({
  unread: [],
  server: { versionNum: major * 10_000 },
  facts: [
    {
      ...{ kind: "column", schema: "app", table: "t", name: "a", identity: "app.t.a" },
      facets: { structure: { type } },
    },
    {
      ...{ kind: "view", schema: "app", name: "v", identity: "app.v" },
      facets: { structure: { definition } },
    },
  ] satisfies Fact[],
});

const nobody = async () => undefined;
const unseen = { unread: [] } as unknown as Parameters<typeof blindnessOf>[0];

test("without PostgreSQL's parser, texts of two majors are counted as not compared, and never as equal", async () => {
  const [old, now] = [
    printed(15, "SELECT t.a FROM app.t;", "integer"),
    printed(16, "SELECT a FROM app.t;", "bigint"),
  ];
  const { differences, alike } = await differencesBetween(old, now, nobody);
  expect(differences.map(({ identity }) => identity)).toEqual(["app.t.a"]);
  expect(alike).toEqual({ unparsed: 1 });
  expect(sayPrinted(alike, old, now)).toEqual([
    "1 definition printed differently by PostgreSQL 15 and 16, not compared without a parser",
  ]);
  expect(blindnessOf(unseen, alike.unparsed)).toMatchObject({
    cause: "error",
    reason: expect.stringContaining("1 definition printed differently by two major versions"),
  });
  expect(blindnessOf(unseen, undefined)).toBeUndefined();
});

test("with it, the two are the same", async () => {
  const sides = [
    printed(15, "SELECT t.a FROM app.t;", "integer"),
    printed(16, "SELECT a FROM app.t;", "integer"),
  ] as const;
  expect(await differencesBetween(...sides)).toEqual({ differences: [], alike: { definition: 1 } });
});

test("of one major, two texts are two definitions, parser or not", async () => {
  const { differences } = await differencesBetween(
    printed(16, "SELECT a FROM app.t;", "integer"),
    printed(16, "SELECT a + 1 FROM app.t;", "integer"),
    nobody,
  );
  expect(differences.map(({ identity }) => identity)).toEqual(["app.v"]);
});

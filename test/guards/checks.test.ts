import { access, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe.each(checks)("$id", ({ id, title, failureTitle, why, source, examples }) => {
  test("says what it is for, and where its rule comes from", () => {
    for (const words of [title, failureTitle, why, source]) expect(words.length).toBeGreaterThan(8);
    expect(source).toMatch(/https:\/\/|src\/backend|\.(go|java|rs)\b/);
  });

  test("has examples of which one finds something or says that it cannot see", () => {
    expect(examples.some(({ finds, blind }) => finds.length > 0 || blind !== undefined)).toBe(true);
  });

  test("is tried on real PostgreSQL, and has its page", async () => {
    expect(await exists(`test/checks/${id}.pg.test.ts`), "write its test").toBe(true);
    expect(await exists(`docs/checks/${id}.md`), "npm run generate").toBe(true);
  });
});

test("an id is category/kebab-noun, as its file is, and is used once", async () => {
  const index = await readFile("lib/checks/index.ts", "utf8");
  const files = [...index.matchAll(/from "\.\/(.+)\.ts";/g)].map(([, file]) => file);
  expect(checks.map(({ id }) => id)).toEqual(files);
  for (const { id } of checks) expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
});

test("an id of a read is of one read: evidence that several checks share is kept by it", () => {
  const reads = checks.flatMap((check) => Object.values(check.reads));
  const byId = Map.groupBy(new Set(reads), ({ id }) => id);
  const several = [...byId].filter(([, same]) => same.length > 1).map(([id]) => id);
  expect(several, "give each read an id of its own").toEqual([]);
});

test("a check that may be blind for want of a privilege says which, on its page", () => {
  const silent = checks
    .filter(({ examples }) => examples.some(({ blind }) => blind === "privilege"))
    .filter(({ needs }) => needs?.privilege === undefined)
    .map(({ id }) => id);
  expect(silent, "name it in the check's needs: { privilege: … }").toEqual([]);
});

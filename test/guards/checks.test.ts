import { access } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe.each(checks)("$id", (check) => {
  const { id, title, failureTitle, why, source, examples } = check;

  test("is named category/kebab-noun, as its file is", async () => {
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    const file: Record<string, unknown> = await import(`../../lib/checks/${id}.ts`);
    expect(Object.values(file)).toContain(check);
  });

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

test("no id is used twice", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

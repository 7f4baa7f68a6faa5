import { expect, test } from "vitest";
import { sourcesOf } from "../../guards/sources.ts";

test("PostgreSQL's parser is loaded by nobody who does not need it: 1.8 MB of WebAssembly", async () => {
  const all = await sourcesOf("bin", "lib");
  const named = all.filter(({ text }) =>
    /(?:import\(|from |import )["']libpg-query["']/.test(text),
  );
  expect(named.map(({ path }) => path)).toEqual(["lib/schema/canonical/parser.ts"]);
  expect(named[0]?.text).toContain('await import("libpg-query")');
  expect(named[0]?.text).not.toMatch(/^import .*libpg-query/m);
});

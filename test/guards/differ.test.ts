import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { exampleServer } from "../../lib/core/example-server.ts";
import { ofDatabase, ofUnits } from "../../lib/schema/kinds.ts";
import { catalogStatement, wholeStatement } from "../../lib/schema/statement.ts";
import { watched } from "../../lib/schema/token.ts";

const kinds =
  /["'`](schema|table|foreign table|column|constraint|index|view|materialized view|trigger|sequence|function|procedure|enum|extension)\b/;

test.each(["diff", "fold", "words", "tree", "hash"])(
  "lib/schema/%s.ts knows facets, and no kind of object: a new kind touches kinds/ alone",
  async (name) => {
    const text = await readFile(`lib/schema/${name}.ts`, "utf8");
    const lines = text.split("\n").filter((line) => kinds.test(line));
    // `schema` and `kind` are also levels of the hash tree.
    const levels = name === "tree" ? /"(schema|kind)"/ : /^$/;
    expect(lines.filter((line) => !levels.test(line))).toEqual([]);
  },
);

test.each([130_000, 180_000])(
  "every catalog that a snapshot of %i reads is in its token: else a change would go unseen",
  (versionNum) => {
    const server = { ...exampleServer, versionNum };
    const sql = [
      catalogStatement(ofUnits.flat(), server, []),
      wholeStatement(ofDatabase, server),
    ].join("\n");
    const read = [...sql.matchAll(/(?:FROM|JOIN)\s+pg_catalog\.(pg_\w+)\b(?!\()/g)];
    const known = new Set(watched.map(({ catalog }) => catalog));
    const names = new Set(read.map(([, name]) => name ?? ""));
    expect(names.size).toBeGreaterThan(10);
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  },
);

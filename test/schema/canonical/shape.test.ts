import * as fc from "fast-check";
import { expect, test } from "vitest";
import { loadParser } from "../../../lib/schema/canonical/parser.ts";
import { shapeOf } from "../../../lib/schema/canonical/shape.ts";

const parse = await loadParser();
if (parse === undefined) throw new Error("npm ci brings libpg-query along");
const shape = (sql: string): string | undefined => {
  const said = shapeOf(parse(sql));
  return said === undefined ? undefined : JSON.stringify(said);
};

/** What PostgreSQL prints on one server, and on another, of the same object. */
const alike: readonly (readonly [string, string, string])[] = [
  ["the only table's name", "SELECT t.a, t.b AS c FROM app.t", "SELECT a, b AS c FROM app.t"],
  ["an alias", "SELECT x.a FROM app.t x WHERE (x.a > 1)", "SELECT a FROM app.t x WHERE (a > 1)"],
  [
    "a function in FROM, and a group",
    "SELECT g.g, count(*) AS n FROM generate_series(1, 2) g(g) GROUP BY g.g",
    "SELECT g, count(*) AS n FROM generate_series(1, 2) g(g) GROUP BY g",
  ],
  ["a subquery in FROM", "SELECT s.a FROM (SELECT 1 AS a) s", "SELECT a FROM (SELECT 1 AS a) s"],
  [
    "XMLTABLE, which nobody gave a name",
    `SELECT "xmltable".a FROM XMLTABLE('/r' PASSING (x) COLUMNS a integer PATH 'a')`,
    "SELECT a FROM XMLTABLE('/r' PASSING (x) COLUMNS a integer PATH 'a')",
  ],
  ["a field of a composite", "SELECT (t.c).f FROM app.t", "SELECT (c).f FROM app.t"],
  [
    "an order by what is a result too",
    "SELECT t.a FROM t ORDER BY t.a",
    "SELECT a FROM t ORDER BY a",
  ],
  ["TRIM (14)", "SELECT btrim(a) FROM t", "SELECT TRIM(BOTH FROM a) FROM t"],
  [
    "SUBSTRING (14)",
    `SELECT "substring"(a, 1, 2) FROM t`,
    "SELECT SUBSTRING(a FROM 1 FOR 2) FROM t",
  ],
  [
    "AT TIME ZONE (14)",
    "SELECT timezone('UTC'::text, a) FROM t",
    "SELECT (a AT TIME ZONE 'UTC'::text) FROM t",
  ],
  [
    "IN over varchar, dumped and restored",
    "SELECT ((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
    "SELECT ((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))",
  ],
];

test.each(alike)("%s: printed differently, and the same", (_name, one, other) => {
  expect(shape(one)).toBeDefined();
  expect(shape(one)).toBe(shape(other));
});

const different: readonly (readonly [string, string, string])[] = [
  ["another column", "SELECT t.a FROM t", "SELECT b FROM t"],
  ["another table", "SELECT t.a FROM t", "SELECT a FROM u"],
  ["another table's column", "SELECT u.a FROM t, u", "SELECT a FROM t, u"],
  ["another schema's table", "SELECT t.a FROM app.t", "SELECT a FROM other.t"],
  ["a name that is not the table's", "SELECT u.a FROM t", "SELECT a FROM t"],
  [
    "a column of a subquery",
    "SELECT (SELECT t.a FROM u) FROM t",
    "SELECT (SELECT a FROM u) FROM t",
  ],
  [
    "a column of a CTE",
    "WITH c AS (SELECT t.a FROM t) SELECT 1 FROM t",
    "WITH c AS (SELECT a FROM t) SELECT 1 FROM t",
  ],
  [
    "a table of two in a join",
    "SELECT t.a FROM t JOIN u ON true",
    "SELECT a FROM t JOIN u ON true",
  ],
  [
    "an order by a result of that name",
    "SELECT t.b AS a, t.a AS b FROM t ORDER BY t.a",
    "SELECT b AS a, a AS b FROM t ORDER BY a",
  ],
  [
    "a distinct on a result of that name",
    "SELECT DISTINCT ON (t.a) t.b AS a FROM t",
    "SELECT DISTINCT ON (a) b AS a FROM t",
  ],
  ["another operator", "SELECT (a > 1) FROM t", "SELECT (a >= 1) FROM t"],
  ["another literal", "SELECT (a > 1) FROM t", "SELECT (a > 2) FROM t"],
  ["another type", "SELECT (a)::text FROM t", "SELECT (a)::character varying FROM t"],
  ["a function of that name", "SELECT btrim(a) FROM t", "SELECT app.btrim(a) FROM t"],
  ["DISTINCT", "SELECT a FROM t", "SELECT DISTINCT a FROM t"],
  ["UNION ALL", "SELECT 1 UNION SELECT 2", "SELECT 1 UNION ALL SELECT 2"],
  ["the order of columns", "SELECT a, b FROM t", "SELECT b, a FROM t"],
  ["an element", "SELECT ARRAY['a'::text]::text[]", "SELECT ARRAY['b'::text]::text[]"],
  ["the type of elements", "SELECT ARRAY[a]::text[]", "SELECT ARRAY[a]::int[]"],
  ["'char', which is no char", 'SELECT (a)::"char"', "SELECT (a)::char"],
];

test.each(different)("%s is a difference", (_name, one, other) => {
  expect(shape(one)).toBeDefined();
  expect(shape(other)).toBeDefined();
  expect(shape(one)).not.toBe(shape(other));
});

/** As servers of several majors print them. */
const corpus = [
  ...alike.flatMap(([, one, other]) => [one, other]),
  `SELECT o.id, sum(l.price * (1)::numeric) FILTER (WHERE (NOT l.gone)) AS total,
          row_number() OVER (PARTITION BY o.day ORDER BY o.id DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n
     FROM (orders o LEFT JOIN lines l USING (id)) WHERE (EXISTS (SELECT 1 FROM u WHERE (u.id = o.id)))
    GROUP BY GROUPING SETS ((o.id), ()) HAVING (count(*) > 1) ORDER BY o.id LIMIT 5 OFFSET 2 FOR UPDATE`,
  `WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT (r_1.n + 1) FROM r r_1 WHERE (r_1.n < 9))
   SELECT r.n, CASE WHEN (r.n IS NULL) THEN 'a'::text ELSE NULL::text END AS c,
          (r.n BETWEEN SYMMETRIC 1 AND 2) AS d, (r.n IS DISTINCT FROM 3) AS e FROM r`,
  "CREATE UNIQUE INDEX i ON app.t USING btree (lower(a) COLLATE \"C\" text_pattern_ops DESC NULLS LAST, b) INCLUDE (c) NULLS NOT DISTINCT WHERE (a ~~ 'x%'::text)",
  "CREATE TRIGGER x BEFORE UPDATE OF a ON app.t FOR EACH ROW WHEN ((old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION app.f('1', 'b')",
  "CREATE RULE r AS ON INSERT TO app.v DO INSTEAD INSERT INTO app.t (a) VALUES (new.a) RETURNING t.a",
  "ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES app.u(c, d) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (b) DEFERRABLE INITIALLY DEFERRED",
  "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =, b WITH &&) WHERE ((c > 0))",
  "CREATE TABLE t PARTITION OF p FOR VALUES FROM (MINVALUE, '2026-01-01') TO (5, MAXVALUE)",
  'CREATE TABLE t (a int) PARTITION BY RANGE (lower(a) COLLATE "C" text_ops, b)',
  "CREATE PROCEDURE p(IN a integer DEFAULT 1, INOUT b text[], VARIADIC c numeric(4,2)[]) LANGUAGE sql AS ''",
];

type Path = readonly string[];

/** Every leaf of a tree, but for what it says of places in the text. */
function leaves(node: unknown, path: Path = []): readonly Path[] {
  if (typeof node !== "object" || node === null) return [path];
  return Object.entries(node)
    .filter(([key]) => !/location|stmt_len|list_start|list_end|funcformat|version/.test(key))
    .flatMap(([key, value]) => leaves(value, [...path, key]));
}

const other = (leaf: unknown): unknown =>
  typeof leaf === "string" ? `${leaf}x` : typeof leaf === "number" ? leaf + 1 : !(leaf as boolean);

function changed(node: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return other(node);
  if (Array.isArray(node))
    return node.map((each, i) => (String(i) === key ? changed(each, rest) : each));
  const tree = node as Record<string, unknown>;
  return { ...tree, [key]: changed(tree[key], rest) };
}

const statement = fc.constantFrom(...corpus.map((sql) => parse(sql)));

test("whatever one word or number of a tree is changed to something else, its shape changes", () => {
  fc.assert(
    fc.property(statement, fc.nat(), (tree, place) => {
      const all = leaves(tree);
      const path = all[place % all.length] ?? [];
      expect(shapeOf(changed(tree, path)), path.join(".")).not.toEqual(shapeOf(tree));
    }),
    { numRuns: 600 },
  );
});

const arraysOf = (node: unknown, path: Path = []): readonly Path[] =>
  typeof node !== "object" || node === null
    ? []
    : [
        ...(Array.isArray(node) && node.length > 0 ? [path] : []),
        ...Object.entries(node).flatMap(([key, value]) => arraysOf(value, [...path, key])),
      ];

function without(node: unknown, [key, ...rest]: Path, isTwice: boolean): unknown {
  if (key === undefined) {
    const list = node as readonly unknown[];
    return isTwice ? [...list, list[0]] : list.slice(1);
  }
  if (Array.isArray(node)) {
    return node.map((each, i) => (String(i) === key ? without(each, rest, isTwice) : each));
  }
  const tree = node as Record<string, unknown>;
  return { ...tree, [key]: without(tree[key], rest, isTwice) };
}

test("nor is anything in a list left out, or said twice, unseen", () => {
  fc.assert(
    fc.property(statement, fc.nat(), fc.boolean(), (tree, place, isTwice) => {
      const all = arraysOf(tree);
      const path = all[place % all.length] ?? [];
      // t.a and a, pg_catalog.btrim and btrim: the first of two names may come and go.
      fc.pre(!/^(fields|names|funcname)$/.test(path.at(-1) ?? ""));
      expect(shapeOf(without(tree, path, isTwice)), path.join(".")).not.toEqual(shapeOf(tree));
    }),
    { numRuns: 600 },
  );
});

test("what the parser does not understand has no shape, and so is like nothing", () => {
  expect(shape("SELECT FROM WHERE")).toBeUndefined();
});

import { expect, test } from "vitest";
import { exampleServer } from "../../lib/core/example-server.ts";
import { belongs } from "../../lib/schema/dependents.ts";
import type { Fact } from "../../lib/schema/fact.ts";
import { SnapshotError } from "../../lib/schema/file.ts";
import { JsonBytes } from "../../lib/schema/json-bytes.ts";
import { objectsOf } from "../../lib/schema/kept.ts";
import { ofUnits } from "../../lib/schema/kinds.ts";
import { readLine, type Written, write } from "../../lib/schema/line.ts";
import { apart, byName, movedSince, standingOf } from "../../lib/schema/moved.ts";
import { owned } from "../../lib/schema/owners.ts";
import { printersSay } from "../../lib/schema/print.ts";
import { catalogStatement } from "../../lib/schema/statement.ts";
import { watched } from "../../lib/schema/token.ts";
import { segmentChecksum } from "../../lib/schema/tree.ts";
import { units } from "../../lib/schema/units.ts";

const catalogs = { pg_class: "1", pg_cast: "1", pg_default_acl: "1" };
const rows = [
  { what: "owner", oid: 0, hash: "1" },
  { what: "owner", oid: 20_001, hash: "1" },
  { what: "owner", oid: 20_002, hash: "1" },
  { what: "names then", oid: 0, hash: "names" },
  { what: "names now", oid: 20_002, hash: "names" },
  { what: "members", oid: 0, hash: "none" },
] as const;

const standing = (
  token: Readonly<Record<string, string>> = catalogs,
  change: (row: { what: string; oid: number; hash: string }) => object = () => ({}),
) =>
  standingOf(
    Object.entries(token).map(([catalog, hash]) => ({ catalog, hash })),
    rows.map((row) => ({ ...row, ...change(row) })),
  );
const since = (now: ReturnType<typeof standing>) => movedSince(standing(), now);
const owner = (oid: number, hash: string) => ({ what: "owner", oid, hash }) as const;

test("where nothing moved but what stands for itself, nothing else is read", () => {
  expect(since(standing())).toEqual([]);
  expect(since(standing({ ...catalogs, pg_default_acl: "2" }))).toEqual([]);
});

test("what changed and what came is named", () => {
  const changed = standing({ ...catalogs, pg_class: "2" }, ({ oid, what }) =>
    what === "owner" && oid === 20_001 ? { hash: "2" } : {},
  );
  expect(since(changed)).toEqual([20_001]);
  const more = [...rows, owner(20_003, "1")];
  expect(since(standingOf(standing().token, more))).toEqual([20_003]);
});

test.each([
  ["an object of PostgreSQL's own changed", "owner"],
  ["something was renamed or dropped", "names then"],
  ["an extension took or brought something", "members"],
])("where %s, everything is read", (_name, which) => {
  const now = standing(catalogs, ({ what, oid }) =>
    what === which && oid === 0 ? { hash: "another" } : {},
  );
  expect(since(now)).toBeUndefined();
});

test("where a catalog moved on which any definition may depend, everything is read", () => {
  expect(since(standing({ ...catalogs, pg_cast: "2" }))).toBeUndefined();
  expect(since(standing({ ...catalogs, pg_new: "1" }))).toBeUndefined();
  const { pg_cast: _, ...fewer } = catalogs;
  expect(since(standing(fewer))).toBeUndefined();
});

test("new names alone are no reason to read everything", () => {
  const now = standing(catalogs, ({ what }) => (what === "names now" ? { hash: "more" } : {}));
  expect(since(now)).toEqual([]);
});

/** All that is asked about relations, functions and domains, of every version. */
const asked = [130_000, 140_000, 150_000, 160_000, 170_000, 180_000]
  .map((versionNum) => catalogStatement(ofUnits.flat(), { ...exampleServer, versionNum }, []))
  .concat(units.sql(), printersSay)
  .join("\n");
const named = new Set([...asked.matchAll(/pg_catalog\.(pg_[a-z_]+)\b(?!\s*\()/g)].map((m) => m[1]));

test("no question about a relation, a function or a domain reads a catalog that stands apart", () => {
  const read = apart.filter((catalog) => new RegExp(`\\b${catalog}\\b`).test(asked));
  expect(read, "take it off the list: its movements mean something to them").toEqual([]);
  expect(named).toContain("pg_class");
});

test("each catalog that they read is watched, and has one meaning", () => {
  const all = watched.map(({ catalog }) => catalog);
  expect([...named].filter((name) => !all.includes(name ?? "") && name !== "pg_roles")).toEqual([]);
  const owns = new Set(owned.map(({ catalog }) => catalog));
  expect([...apart, ...byName].filter((catalog) => owns.has(catalog))).toEqual([]);
  expect(apart.filter((catalog) => !all.includes(catalog))).toEqual([]);
});

test("whatever may depend on another object is told with its relation, function or type", () => {
  const withoutOid = ["pg_attribute", "pg_index", "pg_inherits", "pg_sequence", "pg_foreign_table"];
  const others = ["pg_depend", "pg_description", "pg_enum"];
  const found = new Set<string>(belongs.map(([catalog]) => catalog));
  const all = new Set(owned.map(({ catalog }) => catalog));
  for (const catalog of [...withoutOid, ...others]) all.delete(catalog);
  expect([...all].filter((catalog) => !found.has(catalog))).toEqual([]);
});

/**
 * Functions may look into catalogs for themselves. What these say of an object is in its own rows,
 * in names, or in what it depends on; think of a new one before it is added here.
 */
const thoughtOf = [
  ...["acldefault", "format_type", "pg_get_userbyid", "pg_identify_object"],
  ...["pg_get_constraintdef", "pg_get_expr", "pg_get_function_arguments"],
  ...["pg_get_function_result", "pg_get_function_sqlbody", "pg_get_indexdef"],
  ...["pg_get_partkeydef", "pg_get_ruledef", "pg_get_statisticsobjdef", "pg_get_triggerdef"],
  ...["pg_get_viewdef", "json_agg", "json_build_array", "jsonb_build_object"],
  ...["jsonb_object_agg", "left", "quote_ident", "quote_literal", "split_part", "string_agg"],
  ...["strpos", "substr", "to_json", "unnest"],
];

test("the functions that these questions call are those that were thought of", () => {
  const called = new Set([...asked.matchAll(/pg_catalog\.([a-z_]+)\s*\(/g)].map((m) => m[1]));
  expect([...called].sort()).toEqual(thoughtOf.toSorted());
});

test("a line says what was written, whatever stands in it", () => {
  const fact: Fact = {
    kind: "view",
    identity: 'app."a\\b"',
    schema: "app",
    name: 'a\\"b',
    partOf: ['table {"x"}', '","facets":{'],
    facets: {
      structure: { definition: '},"privileges":{"\\', privileges: { "}": ["{", "\\"], b: {} } },
      privileges: { grants: ["a=r/b", '"'] },
      comments: { comment: ',"facets":{"structure":{}}\\\\' },
    },
  };
  const written = write(fact, new JsonBytes());
  const { facets: _, ...about } = fact;
  expect(again(written)).toEqual({ about, written });
  const plain = write({ ...fact, partOf: [], facets: {} }, new JsonBytes());
  expect(again(plain).written).toEqual(plain);
});

const again = ({ bytes, start, end }: Written) => readLine(bytes, start, end);

test("a segment that is not what its checksum says is not put into the next snapshot", () => {
  const fact: Fact = { kind: "table", identity: "t", name: "t", facets: {} };
  const written = write(fact, new JsonBytes());
  const lines = written.bytes.toString("utf8", written.start, written.end + 1);
  const checksum = segmentChecksum([fact]);
  const objects = (text: string) => [
    ...objectsOf({ facts: [], segments: [{ checksum, lines: () => text, facts: () => [] }] }),
  ];
  expect(objects(lines)).toEqual([readLine(Buffer.from(lines), 0, lines.length - 1)]);
  expect(() => objects(lines.replace('"t"', '"u"'))).toThrow(SnapshotError);
  expect(() => objects("junk\n")).toThrow(SnapshotError);
});

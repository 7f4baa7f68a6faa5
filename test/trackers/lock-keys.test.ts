import { expect, test } from "vitest";
import { flywayLockKey } from "../../lib/trackers/flyway.ts";
import { golangLockKey } from "../../lib/trackers/golang-migrate.ts";

test.each([
  [["database_name"], 1764327054n],
  [["schema_name_1", "database_name"], 2453313553n],
  [["schema_name_2", "database_name"], 235207038n],
  [["schema_name_1", "schema_name_2", "database_name"], 3743845847n],
])("golang-migrate locks %j by the key that its own test expects", (names, key) => {
  expect(golangLockKey(...names)).toBe(key);
});

test("Flyway locks its default table by the number that its log shows", () => {
  expect(flywayLockKey("public", "flyway_schema_history")).toBe(77433833903597n);
});

test("Flyway hashes the name as Java does: quoted, by UTF-16 units, signed", () => {
  // "hippo" and "é\u{1F600}" by hand: h = 31 h + unit, modulo 2^32.
  const hash = (text: string) =>
    BigInt.asIntN(
      32,
      Array.from({ length: text.length }, (_, i) => BigInt(text.charCodeAt(i))).reduce(
        (h, unit) => 31n * h + unit,
        0n,
      ),
    );
  for (const [schema, table] of [
    ["a", "b"],
    ['quo"te', "é\u{1F600}"],
  ] as const) {
    const quoted = `"${schema.replaceAll('"', '""')}"."${table}"`;
    expect(flywayLockKey(schema, table)).toBe(77431708279161n + hash(quoted));
  }
});

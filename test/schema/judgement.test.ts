import { expect, test } from "vitest";
import { sayUnmodelled } from "../../lib/schema/judgement.ts";

test("what a snapshot does not hold is counted in words", () => {
  const unmodelled = {
    role: 2,
    "large object": 1,
    "operator class in a system schema": 2,
    "collation of another encoding": 3,
    'relation "z"': 1,
    "rows of pg_new": 4,
    "user mapping options": 1,
  };
  expect(sayUnmodelled(unmodelled)).toEqual([
    "2 roles",
    "1 large object",
    "2 operator classes in a system schema",
    "3 collations of another encoding",
    '1 relation "z"',
    "4 rows of pg_new",
    "options of 1 user mapping",
  ]);
});

import { expect, test } from "vitest";
import { blindnessOf } from "../../lib/integrity/blindness.ts";
import type { OrphanScan } from "../../lib/integrity/scan.ts";

type Unseen = OrphanScan["unseen"][number];

const lacking = (sqlTable: string, ...sqlColumns: string[]): Unseen => ({
  identity: `k on ${sqlTable}`,
  obstacle: "privilege",
  missing: [{ sqlTable, sqlColumns }],
});

test("nothing unseen, nothing to say", () => {
  expect(blindnessOf([], "pgvigil")).toBeUndefined();
});

test("all reasons are told, and the worst is the cause", () => {
  const blind = blindnessOf(
    [
      { identity: "a on x", obstacle: "out-of-time", missing: [] },
      { identity: "b on y", obstacle: "locked", missing: [] },
      lacking("public.t", "id"),
    ],
    "pgvigil",
  );
  expect(blind).toEqual({
    cause: "privilege",
    reason:
      "no SELECT on public.t; 1 locked, or waited for by an ALTER (b on y); 1 that did not fit into the budget (a on x)",
    cure: 'GRANT SELECT (id) ON public.t TO "pgvigil";\n-- Raise this check\'s option budget.',
  });
});

test("one GRANT a table for all its columns, and no more than can be read at a glance", () => {
  const tables = Array.from({ length: 20 }, (_, i) => `public.t${i + 10}`);
  const blind = blindnessOf(
    [...tables.map((t) => lacking(t, "a")), lacking("public.t10", "b")],
    'odd "role"',
  );
  const lines = blind?.cure?.split("\n") ?? [];
  expect(lines[0]).toBe('GRANT SELECT (a, b) ON public.t10 TO "odd ""role""";');
  expect(lines).toHaveLength(10);
  expect(lines[8]).toBe("-- and 12 more; or, from PostgreSQL 14 on, all at once:");
  expect(blind?.reason).toBe("no SELECT on public.t10, public.t11, public.t12 and 17 more");
});

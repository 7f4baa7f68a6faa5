import * as z from "zod";
import { type Check, defineCheck } from "../../lib/core/check.ts";
import { sqlRead } from "../../lib/core/read.ts";

export const numbers = sqlRead({
  id: "numbers",
  sql: "SELECT 1 AS n ORDER BY 1",
  row: z.object({ n: z.int() }),
});

/** Finds every number above `limit`; remembers the largest. */
export const largeNumber = (id = "capacity/large-number", read = numbers): Check =>
  defineCheck({
    id,
    title: "Every number is small",
    failureTitle: "A large number",
    why: "Large numbers are large.",
    source: "https://www.postgresql.org/docs/current/",
    options: z.object({ limit: z.int().default(10) }),
    profiles: ["nightly"],
    reads: { numbers: read },
    judge: ({ numbers }, { limit }) => ({
      scope: `${numbers.length} numbers`,
      findings: numbers
        .filter(({ n }) => n > limit)
        .map(({ n }) => ({
          object: { kind: "number", identity: String(n) },
          severity: n > 100 ? "critical" : "warning",
          summary: `${n} is large`,
          evidence: { n },
        })),
      memory: Math.max(0, ...numbers.map(({ n }) => n)),
    }),
    examples: [],
  });

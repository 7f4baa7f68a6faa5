import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { Remedy } from "../../core/finding.ts";
import { severitySchema } from "../../core/severity.ts";
import { count } from "../../core/units.ts";
import { type UnprovenConstraint, unprovenConstraints } from "../reads/unproven-constraints.ts";
import { counted, example } from "./unproven/examples.ts";
import { unprovenFinding } from "./unproven/finding.ts";

export const constraintsNotValidated = defineCheck({
  id: "constraints/not-validated",
  title: "Every constraint was held against every row",
  failureTitle: "Constraint never held against its old rows",
  why: "PostgreSQL enforces it for new rows only, and nobody may rely on the old ones.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html (NOT VALID)",
  options: z.object({ severity: severitySchema.default("warning") }),
  profiles: ["hourly", "nightly", "watch"],
  expectedInDeployment: true,
  reads: { constraints: unprovenConstraints },

  judge: ({ constraints: [all] }, { severity }) => ({
    scope: [
      count(all?.foreignKeys ?? 0, "foreign key"),
      count(all?.checks ?? 0, "check"),
      ...(all?.notNulls ? [count(all.notNulls, "not-null")] : []),
      ...(all?.domainChecks ? [count(all.domainChecks, "domain constraint")] : []),
      ...(all?.ofExtensions ? [`${all.ofExtensions} of them an extension's own affair`] : []),
    ].join(", "),
    findings: (all?.unproven ?? [])
      .filter(({ isEnforced }) => isEnforced) // the others are constraints/not-enforced's
      .map((constraint) =>
        unprovenFinding(constraint, {
          severity,
          summary: `${nounOf[constraint.type]} ${constraint.identity} is NOT VALID: old rows were never held against it`,
          detail: [
            `PostgreSQL enforces it for every row written since. ${meaningOf[constraint.type]}`,
          ],
          remedy: validate(constraint),
        }),
      ),
  }),

  examples: [
    { name: "all were validated", evidence: counted(), finds: [] },
    {
      name: "a foreign key that was added NOT VALID",
      evidence: counted(example({ type: "foreign key" })),
      finds: ["warning orders_customer on public.orders"],
    },
    {
      name: "a NOT ENFORCED one is another check's",
      evidence: counted(example({ type: "check", isEnforced: false })),
      finds: [],
    },
  ],
});

const nounOf = {
  "foreign key": "Foreign key",
  check: "Check",
  "not null": "Not-null",
  "domain check": "Domain constraint",
} as const;

const meaningOf = {
  "foreign key":
    "Older rows may point at rows that are gone: integrity/foreign-key-orphans counts them.",
  check: "Older rows may break it, and the planner does not use it to rule out scans.",
  "not null": "Older rows may hold NULL, and the planner does not trust the column.",
  "domain check": "Columns of the domain may hold older values that break it.",
} as const;

function validate({ type, sqlOwner, sqlName, referenced }: UnprovenConstraint): Remedy {
  const owner = type === "domain check" ? "DOMAIN" : "TABLE";
  return {
    summary: "Mend the rows that break it, then validate. A VALIDATE that fails changes nothing.",
    sql: `ALTER ${owner} ${sqlOwner} VALIDATE CONSTRAINT ${sqlName};`,
    lock: lockOf(type, sqlOwner, referenced),
  };
}

/** Held while every row is read; measured in pg_locks on 13 and 18. */
function lockOf(
  type: UnprovenConstraint["type"],
  sqlOwner: string,
  referenced: string | null,
): string {
  const gentle = `SHARE UPDATE EXCLUSIVE on ${sqlOwner}`;
  if (type === "domain check") {
    return "SHARE on every table with a column of the domain: reads go on, writes wait";
  }
  if (type === "foreign key" && referenced !== null) {
    return `${gentle}, ROW SHARE on ${referenced}: reads and writes go on`;
  }
  return `${gentle}: reads and writes go on`;
}

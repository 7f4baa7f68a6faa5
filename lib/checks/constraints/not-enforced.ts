import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { Remedy } from "../../core/finding.ts";
import { severitySchema } from "../../core/severity.ts";
import { quoteLiteral } from "../../core/sql.ts";
import { count } from "../../core/units.ts";
import { type UnprovenConstraint, unprovenConstraints } from "../reads/unproven-constraints.ts";
import { counted, example } from "./unproven/examples.ts";
import { unprovenFinding } from "./unproven/finding.ts";

export const constraintsNotEnforced = defineCheck({
  id: "constraints/not-enforced",
  title: "Every constraint is enforced",
  failureTitle: "Constraint that PostgreSQL does not enforce",
  why: "A NOT ENFORCED constraint is documentation: no row is ever held against it.",
  source: "https://www.postgresql.org/docs/18/sql-createtable.html (NOT ENFORCED)",
  options: z.object({ severity: severitySchema.default("notice") }),
  profiles: ["nightly", "watch"],
  needs: { minVersion: 180_000 },
  reads: { constraints: unprovenConstraints },

  judge: ({ constraints: [all] }, { severity }) => ({
    scope: `${count(all?.foreignKeys ?? 0, "foreign key")}, ${count(all?.checks ?? 0, "check")}`,
    findings: (all?.unproven ?? [])
      .filter(({ isEnforced }) => !isEnforced)
      .map((constraint) => {
        const { identity, type } = constraint;
        const isKey = type === "foreign key";
        return unprovenFinding(constraint, {
          severity,
          summary: `${isKey ? "Foreign key" : "Check"} ${identity} is NOT ENFORCED: rows that break it are accepted`,
          detail: isKey
            ? [
                "It has no triggers: neither inserts here nor deletes there are held against it.",
                "integrity/foreign-key-orphans counts the rows that break it.",
              ]
            : ["No INSERT and no UPDATE looks at it, and the planner does not trust it."],
          remedy: isKey ? enforceKey(constraint) : enforceCheck(constraint),
        });
      }),
  }),

  examples: [
    { name: "all are enforced", evidence: counted(), finds: [] },
    {
      name: "a foreign key declared NOT ENFORCED",
      evidence: counted(
        example({
          type: "foreign key",
          isEnforced: false,
          definition: "FOREIGN KEY (customer_id) REFERENCES public.customers(id)",
        }),
      ),
      finds: ["notice orders_customer on public.orders"],
    },
  ],
});

function enforceKey({ sqlOwner, sqlName, referenced, definition }: UnprovenConstraint): Remedy {
  return {
    summary: "If rows are meant to keep to it, mend those that do not, then enforce it.",
    sql: `ALTER TABLE ${sqlOwner} ALTER CONSTRAINT ${sqlName} ENFORCED;`,
    lock: `ACCESS EXCLUSIVE on ${sqlOwner} and SHARE ROW EXCLUSIVE on ${referenced} while every row is looked up`,
    undo: `ALTER TABLE ${sqlOwner} ALTER CONSTRAINT ${sqlName} NOT ENFORCED;`,
    ...(definition === null
      ? {}
      : {
          otherwise: {
            summary:
              "On a large table: make it anew, which locks for a moment, then look at the rows while reads and writes go on.",
            sql: [
              `ALTER TABLE ${sqlOwner} DROP CONSTRAINT ${sqlName},`,
              `  ADD CONSTRAINT ${sqlName} ${definition} NOT VALID;`,
              `ALTER TABLE ${sqlOwner} VALIDATE CONSTRAINT ${sqlName};`,
            ].join("\n"),
          },
        }),
  };
}

/**
 * PostgreSQL 18 alters the enforceability of foreign keys alone. The expression is not ours to
 * print: pg_get_constraintdef() of a check waits behind a lock on its table.
 */
function enforceCheck({ sqlOwner, sqlName, name }: UnprovenConstraint): Remedy {
  const validate = `ALTER TABLE ${sqlOwner} VALIDATE CONSTRAINT ${sqlName};`;
  return {
    summary:
      "A check cannot be altered to ENFORCED, only made anew. This prints the statements to run.",
    sql: [
      `SELECT pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NOT VALID;',`,
      `         ${quoteLiteral(sqlOwner)}, conname, conname,`,
      "         pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(oid), ' NOT ENFORCED$', ''))",
      `       AS first, ${quoteLiteral(validate)} AS then`,
      "  FROM pg_catalog.pg_constraint",
      ` WHERE conrelid = ${quoteLiteral(sqlOwner)}::pg_catalog.regclass`,
      `   AND conname = ${quoteLiteral(name)};`,
    ].join("\n"),
    lock: "The first: ACCESS EXCLUSIVE for a moment. The second: SHARE UPDATE EXCLUSIVE while it reads every row.",
  };
}

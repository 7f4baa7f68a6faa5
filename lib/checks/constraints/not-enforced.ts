import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { sqlRead } from "../../core/read.ts";
import { severitySchema } from "../../core/severity.ts";
import { count } from "../../core/units.ts";

const constraints = sqlRead({
  id: "not-enforced-constraints",
  // conenforced is PostgreSQL 18's; needs.minVersion keeps older servers away.
  sql: `
    SELECT n.nspname                                    AS "schema",
           c.relname                                    AS "table",
           k.conname                                    AS "name",
           (pg_catalog.pg_identify_object(k.tableoid, k.oid, 0)).identity
                                                        AS "identity",
           (pg_catalog.pg_identify_object(c.tableoid, c.oid, 0)).identity
                                                        AS "sqlTable",
           pg_catalog.quote_ident(k.conname)            AS "sqlName",
           CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'check' END
                                                        AS "type",
           k.conenforced                                AS "isEnforced"
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c     ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE k.contype IN ('f', 'c')
       AND k.conparentid = 0            -- a partition's copy is its parent's finding
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     ORDER BY 1, 2, 3`,
  row: z.object({
    schema: z.string(),
    table: z.string(),
    name: z.string(),
    identity: z.string(),
    sqlTable: z.string(),
    sqlName: z.string(),
    type: z.enum(["foreign key", "check"]),
    isEnforced: z.boolean(),
  }),
});

export const constraintsNotEnforced = defineCheck({
  id: "constraints/not-enforced",
  title: "Every constraint is enforced",
  failureTitle: "Constraint that PostgreSQL does not enforce",
  why: "A NOT ENFORCED constraint is documentation: no row is ever held against it.",
  source: "https://www.postgresql.org/docs/18/sql-createtable.html (NOT ENFORCED)",
  options: z.object({ severity: severitySchema.default("notice") }),
  profiles: ["nightly", "watch"],
  needs: { minVersion: 180_000 },
  reads: { constraints },

  judge: ({ constraints }, { severity }) => ({
    scope: count(
      constraints.length,
      "foreign key and check constraint",
      "foreign key and check constraints",
    ),
    findings: constraints
      .filter((constraint) => !constraint.isEnforced)
      .map(({ schema, table, name, identity, sqlTable, sqlName, type }) => ({
        object: { kind: "constraint", schema, table, name, identity },
        severity,
        summary: `${type === "check" ? "Check" : "Foreign key"} ${identity} is NOT ENFORCED: rows that break it are accepted`,
        evidence: { type },
        remedy: {
          summary: "If rows are meant to keep to it, enforce it once the old rows do.",
          sql:
            type === "check"
              ? `-- A check cannot be altered to ENFORCED: drop it and add it again, NOT VALID first.\nALTER TABLE ${sqlTable} DROP CONSTRAINT ${sqlName};`
              : `ALTER TABLE ${sqlTable} ALTER CONSTRAINT ${sqlName} ENFORCED;`,
          lock: "ACCESS EXCLUSIVE on the table while it looks at every row",
        },
      })),
  }),

  examples: [
    {
      name: "a foreign key declared NOT ENFORCED",
      evidence: {
        constraints: [
          {
            schema: "public",
            table: "orders",
            name: "orders_customer_fkey",
            identity: "orders_customer_fkey on public.orders",
            sqlTable: "public.orders",
            sqlName: "orders_customer_fkey",
            type: "foreign key",
            isEnforced: false,
          },
        ],
      },
      finds: ["notice orders_customer_fkey on public.orders"],
    },
  ],
});

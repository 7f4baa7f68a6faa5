import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft, Remedy } from "../../core/finding.ts";
import { type Severity, severitySchema } from "../../core/severity.ts";
import { count, duration, size } from "../../core/units.ts";
import { blindnessOf } from "../../integrity/blindness.ts";
import { mendingOf } from "../../integrity/count.ts";
import type { MissingGrant } from "../../integrity/foreign-key.ts";
import { type OrphanScan, orphanScan } from "../../integrity/scan.ts";

type Broken = OrphanScan["broken"][number];

export const integrityForeignKeyOrphans = defineCheck({
  id: "integrity/foreign-key-orphans",
  title: "Every foreign key is kept by every row",
  failureTitle: "Rows that refer to nothing, under a foreign key",
  why:
    "PostgreSQL takes a foreign key's word for it: rows that came in while its triggers did not fire " +
    "stay, and neither the catalog nor VALIDATE CONSTRAINT shows them. " +
    "The count itself adds to seq_scan and idx_scan of the tables that it reads.",
  source: "src/backend/utils/adt/ri_triggers.c, RI_Initial_Check",
  options: z.object({
    severity: severitySchema
      .default("critical")
      .describe("Of orphans; at most a warning where the foreign key is NOT ENFORCED."),
    budget: duration
      .prefault("20s")
      .describe("Time for all counts; doubtful foreign keys first, then small tables first."),
    largest: size
      .prefault("100MB")
      .describe(
        "Both tables together; a larger pair is not tried, as its count would exceed 200 ms.",
      ),
  }),
  profiles: ["nightly", "watch"],
  presets: { watch: { budget: "5s" } },
  needs: { privilege: "SELECT on the columns of foreign keys, on both sides" },
  reads: { scan: orphanScan },

  judge({ scan }, { severity }, { server }) {
    const orphans = scan.broken.reduce((sum, key) => sum + rowsOf(key), 0);
    const blind = blindnessOf(scan.unseen, server?.role ?? "pgvigil");
    return {
      scope: `${scan.counted.toLocaleString("en-US")} of ${count(scan.total, "foreign key")} covered, ${count(orphans, "orphan")}`,
      findings: scan.broken.map((key) => findingOf(key, severity)),
      ...(blind === undefined ? {} : { blind }),
    };
  },

  examples: [
    {
      name: "every row refers to something",
      evidence: { scan: { total: 43, counted: 43, broken: [], unseen: [] } },
      finds: [],
    },
    {
      name: "orphans under a foreign key that says it is valid",
      evidence: { scan: { total: 43, counted: 43, broken: [example()], unseen: [] } },
      finds: ["critical orders_customer_fkey on public.orders"],
    },
    {
      name: "orphans under a foreign key that is NOT ENFORCED",
      evidence: {
        scan: {
          total: 43,
          counted: 43,
          broken: [example({ isEnforced: false, isValidated: false })],
          unseen: [],
        },
      },
      finds: ["warning orders_customer_fkey on public.orders"],
    },
    {
      name: "orphans are told of, but do not matter here",
      options: { severity: "notice" },
      evidence: { scan: { total: 43, counted: 43, broken: [example()], unseen: [] } },
      finds: ["notice orders_customer_fkey on public.orders"],
    },
    {
      name: "two tables may not be read",
      evidence: {
        scan: {
          total: 43,
          counted: 41,
          broken: [],
          unseen: [
            {
              identity: "payouts_account_fkey on billing.payouts",
              obstacle: "privilege",
              missing: [
                lacking("billing.accounts", ["id"]),
                lacking("billing.payouts", ["account_id"]),
              ],
            },
            {
              identity: "events_order_fkey on public.events",
              obstacle: "large",
              missing: [],
            },
          ],
        },
      },
      finds: [],
      blind: "privilege",
    },
    {
      name: "a migration has its tables locked",
      evidence: {
        scan: {
          total: 43,
          counted: 42,
          broken: [],
          unseen: [
            { identity: "orders_customer_fkey on public.orders", obstacle: "locked", missing: [] },
          ],
        },
      },
      finds: [],
      blind: "lock",
    },
  ],
});

const rowsOf = ({ orphans, partlyNull }: Broken): number => orphans + partlyNull;

function findingOf(key: Broken, severity: Severity): FindingDraft {
  const { identity, child, parent, orphans, partlyNull, columns } = key;
  const what = [
    ...(orphans > 0
      ? [
          `${count(orphans, "row")} of ${child.sqlTable} ${refer(orphans)} to no row of ${parent.sqlTable}`,
        ]
      : []),
    ...(partlyNull > 0
      ? [
          `${count(partlyNull, "row")} ${partlyNull === 1 ? "is" : "are"} partly null, which MATCH FULL forbids`,
        ]
      : []),
  ];
  return {
    object: {
      kind: "constraint",
      schema: child.schema,
      table: child.table,
      name: key.name,
      identity,
    },
    severity: !key.isEnforced && severity === "critical" ? "warning" : severity,
    summary: `${what.join("; ")} (foreign key ${key.sqlName})`,
    detail: [...howItCame(key)],
    evidence: {
      orphans,
      partlyNull,
      columns: columns.map(({ sql }) => sql),
      references: parent.sqlTable,
      isValidated: key.isValidated,
      isEnforced: key.isEnforced,
      disabledTriggers: key.disabledTriggers,
    },
    remedy: remedyOf(key),
    measure: { value: rowsOf(key), unit: "count", of: "orphan rows" },
  };
}

const refer = (n: number): string => (n === 1 ? "refers" : "refer");

function howItCame(key: Broken): readonly string[] {
  if (!key.isEnforced) return ["It is NOT ENFORCED: PostgreSQL accepts any row."];
  const now =
    key.disabledTriggers === 0
      ? []
      : [
          `${count(key.disabledTriggers, "trigger")} of it ${key.disabledTriggers === 1 ? "is" : "are"} disabled now: it is not enforced, and more can come.`,
        ];
  if (!key.isValidated) {
    return [...now, "It is NOT VALID: older rows were never held against it. VALIDATE will fail."];
  }
  return [
    ...now,
    "The catalog calls it valid: these rows came in, or what they refer to went, while its triggers did not fire (DISABLE TRIGGER, session_replication_role = replica; so do pg_restore --disable-triggers, logical replication and DMS).",
    "VALIDATE CONSTRAINT will not find them: it reads no row of a constraint that is marked valid.",
  ];
}

function remedyOf(key: Broken): Remedy {
  const { list, remove, detach } = mendingOf(key, key);
  const ways = [
    ...(detach === undefined ? [] : [`Or let them refer to nothing, in a transaction:\n${detach}`]),
    `Or delete them, in a transaction:\n${remove}`,
  ];
  return {
    summary:
      "Look at them, and find out what wrote them. Then bring back what they refer to, or end it in one of the ways below.",
    sql: [list, ...ways.map(commented)].join("\n\n"),
    lock: "ACCESS SHARE: reads and writes go on, but an ALTER TABLE waits for the SELECT",
  };
}

const commented = (sql: string): string => sql.replaceAll(/^/gm, "-- ");

function lacking(sqlTable: string, sqlColumns: string[]): MissingGrant {
  return { sqlTable, sqlColumns };
}

function example(changes: Partial<Broken> = {}): Broken {
  const side = {
    schema: "public",
    sqlSchema: "public",
    lacksUsage: false,
    isPartitioned: false,
    hasForeignTable: false,
    isUnlogged: false,
    hidesRows: false,
  };
  return {
    oid: 16_500,
    name: "orders_customer_fkey",
    sqlName: "orders_customer_fkey",
    identity: "orders_customer_fkey on public.orders",
    child: { ...side, table: "orders", sqlTable: "public.orders", pages: 90, relations: [16_400] },
    parent: {
      ...side,
      table: "customers",
      sqlTable: "public.customers",
      pages: 9,
      relations: [16_390],
    },
    columns: [
      {
        sql: "customer_id",
        equals: "pk.id OPERATOR(pg_catalog.=) fk.customer_id",
        isNotNull: false,
      },
    ],
    isMatchFull: false,
    isValidated: true,
    isEnforced: true,
    isTemporal: false,
    disabledTriggers: 0,
    untrusted: null,
    childLacks: [],
    parentLacks: [],
    orphans: 17,
    partlyNull: 0,
    ...changes,
  };
}

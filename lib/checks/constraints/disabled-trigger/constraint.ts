import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import type { SilentSide, UnenforcedConstraint } from "../../reads/silent-triggers.ts";
import { namesOf } from "./trigger.ts";

/** As many tables as one remedy names; a second look tells the rest. */
const atOnce = 50;

/** A foreign key or deferrable unique constraint whose own triggers are off. */
export function sayConstraint(constraint: UnenforcedConstraint): FindingDraft {
  const { schema, table, name, identity, type, sides } = constraint;
  const isKey = type === "foreign key";
  const noun = isKey
    ? "Foreign key"
    : type === "unique"
      ? "Unique constraint"
      : "Exclusion constraint";
  return {
    object: { kind: "constraint", schema, table, name, identity },
    severity: "critical",
    summary: `Not enforced: ${noun.charAt(0).toLowerCase()}${noun.slice(1)} ${identity}: ${sides.map(gapOf).join("; ")}`,
    detail: [
      "Its triggers are disabled, which nothing about the constraint itself shows.",
      ...(sides.some(({ mode }) => mode === "replica")
        ? ["Those that are set to REPLICA fire only with session_replication_role = replica."]
        : []),
      isKey
        ? "Rows that came in meanwhile are not looked at when it is enabled again, nor by VALIDATE CONSTRAINT: integrity/foreign-key-orphans counts them."
        : "Rows that came in meanwhile are not looked at when it is enabled again; a REINDEX of its index fails where they repeat each other.",
    ],
    evidence: {
      type,
      sides: sides.map(({ side, mode, tableCount, silent }) => ({
        side,
        mode,
        tables: tableCount,
        silent: silent.map((one) => one.table),
      })),
    },
    remedy: enable(constraint),
  };
}

/** What goes through, and where. */
function gapOf({ side, silent, tableCount }: SilentSide): string {
  const tables = namesOf(silent.map(({ table }) => table));
  const where =
    silent.length < tableCount ? `${tables} (${silent.length} of ${tableCount} tables)` : tables;
  if (side === "referencing") return `rows written to ${where} are not looked up`;
  if (side === "referenced")
    return `deletes and updates in ${where} are neither refused nor passed on`;
  return `duplicates in ${where} are accepted`;
}

function enable({
  sqlTable,
  sqlName,
  sides,
  definition,
  isPartitioned,
}: UnenforcedConstraint): Remedy {
  const byTable = Map.groupBy(
    sides.flatMap(({ silent }) => silent),
    ({ table }) => table,
  );
  const statements = [...byTable].map(([table, silent]) => {
    // By name: ENABLE TRIGGER ALL would also wake a user's trigger that is meant to sleep.
    const actions = silent.flatMap(({ triggers }) => triggers.map((t) => `ENABLE TRIGGER ${t}`));
    return `ALTER TABLE ${table} ${actions.join(", ")};`;
  });
  const more = statements.length - atOnce;
  return {
    summary: `As a superuser, enable its triggers, then look for rows that break it.${more > 0 ? ` ${more} more tables: look again then.` : ""}`,
    sql: statements.slice(0, atOnce).join("\n"),
    lock: "SHARE ROW EXCLUSIVE on each table for a moment: reads go on, writes wait",
    ...(definition === null
      ? {}
      : { otherwise: remake(sqlTable, sqlName, definition, isPartitioned) }),
  };
}

/** What an owner may do, and what looks at every row. */
function remake(table: string, name: string, definition: string, isPartitioned: boolean) {
  const replace = `ALTER TABLE ${table} DROP CONSTRAINT ${name},\n  ADD CONSTRAINT ${name} ${definition}`;
  return isPartitioned
    ? {
        summary:
          "Without a superuser: make it anew, which also looks at every row; writes wait meanwhile, and reads of a referencing table.",
        sql: `${replace};`,
      }
    : {
        summary:
          "Without a superuser: make it anew, which locks for a moment; VALIDATE then looks at every row while reads and writes go on.",
        sql: `${replace} NOT VALID;\nALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
      };
}

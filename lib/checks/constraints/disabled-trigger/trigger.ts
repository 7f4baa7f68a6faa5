import type { FindingDraft } from "../../../core/finding.ts";
import type { SilentEventTrigger, SilentRule, SilentTrigger } from "../../reads/silent-triggers.ts";

/** As many names as fit into a sentence. */
export const namesOf = (tables: readonly string[]): string =>
  tables.length <= 5
    ? tables.join(", ")
    : `${tables.slice(0, 5).join(", ")} and ${tables.length - 5} more`;

type Mode = SilentTrigger["mode"];

const stateOf = (mode: Mode): string =>
  mode === "disabled"
    ? "is disabled: it does not fire"
    : "fires only where a replica applies rows (ENABLE REPLICA)";

const detailOf = (mode: Mode): string[] =>
  mode === "disabled"
    ? ["What it does has not been done since, and is not made up for when it is enabled again."]
    : [
        "It fires only with session_replication_role = replica, as logical replication's apply worker has it.",
        "On a subscriber that may be meant; in every other session it is silent.",
      ];

export function sayTrigger(trigger: SilentTrigger): FindingDraft {
  const { schema, table, name, identity, sqlName, mode, tableCount, silent } = trigger;
  const where = silent.length < tableCount ? ` on ${namesOf(silent)}` : "";
  const partly = where === "" ? "" : ` (${silent.length} of ${tableCount} tables)`;
  return {
    object: { kind: "trigger", schema, table, name, identity },
    severity: "warning",
    summary: `Trigger ${identity} ${stateOf(mode)}${where}${partly}`,
    detail: detailOf(mode),
    evidence: { mode, tables: tableCount, silent },
    remedy: {
      summary: "If it is meant to fire, enable it.",
      sql: silent.map((one) => `ALTER TABLE ${one} ENABLE TRIGGER ${sqlName};`).join("\n"),
      lock: "SHARE ROW EXCLUSIVE for a moment: reads go on, writes wait",
      undo: silent
        .map((one) => `ALTER TABLE ${one} ${undoOf(mode)} TRIGGER ${sqlName};`)
        .join("\n"),
    },
  };
}

const undoOf = (mode: Mode): string => (mode === "disabled" ? "DISABLE" : "ENABLE REPLICA");

export function sayRule(rule: SilentRule): FindingDraft {
  const { schema, table, name, identity, sqlTable, sqlName, mode } = rule;
  return {
    object: { kind: "rule", schema, table, name, identity },
    severity: "warning",
    summary: `Rule ${identity} ${stateOf(mode)}`,
    detail: detailOf(mode),
    evidence: { mode },
    remedy: {
      summary: "If it is meant to rewrite queries, enable it.",
      sql: `ALTER TABLE ${sqlTable} ENABLE RULE ${sqlName};`,
      lock: "ACCESS EXCLUSIVE for a moment",
      undo: `ALTER TABLE ${sqlTable} ${undoOf(mode)} RULE ${sqlName};`,
    },
  };
}

export function sayEventTrigger({ name, identity, mode }: SilentEventTrigger): FindingDraft {
  return {
    object: { kind: "event trigger", name, identity },
    severity: "warning",
    summary: `Event trigger ${identity} ${stateOf(mode)}`,
    detail: detailOf(mode),
    evidence: { mode },
    remedy: {
      summary: "If it is meant to see DDL, enable it, as its owner.",
      sql: `ALTER EVENT TRIGGER ${identity} ENABLE;`,
      undo: `ALTER EVENT TRIGGER ${identity} ${undoOf(mode)};`,
    },
  };
}

import type { Alert } from "../../core/alert.ts";
import type { Remedy } from "../../core/finding.ts";
import type { Target } from "../../core/target.ts";
import { isCommand } from "../command.ts";
import { lookCommand } from "./commands.ts";
import type { AlertSettings } from "./settings.ts";

/** One thing to do: a sentence, and what to paste. */
export interface Step {
  readonly text: string;
  readonly paste?: { readonly language: "sql" | "shell"; readonly text: string } | undefined;
}

/**
 * How much of a remedy there is room for: `whole`; `lean` leaves out further ways and a look by SQL
 * that the first step has done; `bare` leaves out the SQL.
 */
export type Depth = "whole" | "lean" | "bare";

/** What to do, in order: look, ask, the gentle way, the harsh one. */
export function stepsOf(
  alert: Alert,
  target: Target,
  settings: AlertSettings,
  depth: Depth,
): readonly Step[] {
  return [
    {
      text: "Look (safe, it only reads):",
      paste: { language: "shell", text: lookCommand(alert, target, settings) },
    },
    { text: askOwner(alert) },
    ...remedySteps(alert.finding.remedy, depth),
  ];
}

function askOwner({ owner }: Alert): string {
  if (owner === undefined) return "Ask whose it is: the configuration names no owner.";
  const { name, contact } = owner;
  return `Ask the owner: ${name}${contact === undefined ? "" : `, ${contact}`}`;
}

function remedySteps(remedy: Remedy | undefined, depth: Depth): readonly Step[] {
  if (remedy === undefined) return [];
  const { summary, sql = "", lock, undo, otherwise } = remedy;
  const first = depth === "whole" ? sql : firstPart(sql);
  const isRepeated = depth === "lean" && otherwise !== undefined && onlyLooks(sql);
  return [
    {
      text: [
        summary,
        lock === undefined ? "" : `Lock: ${lock}.`,
        undo === undefined || isCommand(undo) || depth === "bare" ? "" : `Undo: ${undo}`,
      ]
        .filter(Boolean)
        .join(" "),
      paste: isRepeated || depth === "bare" ? undefined : pasted(first),
    },
    ...(undo !== undefined && isCommand(undo) && depth === "whole"
      ? [{ text: "To undo that:", paste: pasted(undo) }]
      : []),
    ...(otherwise === undefined
      ? []
      : [{ text: otherwise.summary, paste: depth === "bare" ? undefined : pasted(otherwise.sql) }]),
  ];
}

const pasted = (text: string): Step["paste"] =>
  text.trim() === ""
    ? undefined
    : { language: /^(npx )?pgvigil /.test(text) ? "shell" : "sql", text };

/** Further ways stand behind an empty line. */
const firstPart = (sql: string): string => sql.split(/\n\s*\n/)[0] ?? "";

/** A question, that calls nothing which changes anything. */
const onlyLooks = (sql: string): boolean =>
  /^\s*SELECT\b/i.test(sql) && !/pg_(cancel|terminate)_backend|pg_drop_/.test(sql);

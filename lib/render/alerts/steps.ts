import type { Alert } from "../../core/alert.ts";
import type { Remedy } from "../../core/finding.ts";
import type { Target } from "../../core/target.ts";
import { isCommand } from "../command.ts";
import { lookCommand } from "./commands.ts";
import type { AlertSettings } from "./settings.ts";

/** One thing to do: a sentence, what to paste, and what it costs. */
export interface Step {
  readonly text: string;
  readonly paste?: { readonly language: "sql" | "shell"; readonly text: string } | undefined;
  readonly remark?: string | undefined;
}

/**
 * How much of a remedy there is room for. `whole`; `lean` leaves out further ways, what the first
 * steps have said and how to undo it; `gentle` the SQL of the harsher way too; `bare` all SQL;
 * `look` says no more than where to look and whom to ask.
 */
export type Depth = "whole" | "lean" | "gentle" | "bare" | "look";

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
    { text: askOwner(alert.owner, wish(alert.finding.remedy)) },
    ...remedySteps(alert.finding.remedy, depth),
  ];
}

function askOwner(owner: Alert["owner"], wish: string): string {
  if (owner === undefined) return `Ask whose it is${wish}: no owner is configured.`;
  const { name, contact } = owner;
  return `Ask the owner${wish}: ${name}${contact === undefined ? "" : `, ${contact}`}`;
}

const asking = /^Ask its owner( to [^.]*)\.$/;

/** What to ask the owner for, where that is all that a remedy begins with. */
const wish = (remedy: Remedy | undefined): string => asking.exec(remedy?.summary ?? "")?.[1] ?? "";

function remedySteps(remedy: Remedy | undefined, depth: Depth): readonly Step[] {
  if (remedy === undefined || depth === "look") return [];
  const { summary, sql = "", lock, undo, otherwise } = remedy;
  const isWhole = depth === "whole";
  const isLookedAt = !isWhole && otherwise !== undefined && onlyLooks(sql);
  const first = {
    text: summary,
    paste: isLookedAt || depth === "bare" ? undefined : pasted(isWhole ? sql : firstPart(sql)),
    remark: remarks(lock, isWhole || isFinal(undo) ? undo : undefined),
  };
  return [
    ...(asking.test(summary) ? [] : [first]),
    ...(isWhole && undo !== undefined && isCommand(undo)
      ? [{ text: "To undo that:", paste: pasted(undo) }]
      : []),
    ...(otherwise === undefined ? [] : [harsherStep(otherwise, sql, depth)]),
  ];
}

/** A terminate like the cancel before it is said in one line. */
function harsherStep(
  { summary, sql }: NonNullable<Remedy["otherwise"]>,
  before: string,
  depth: Depth,
) {
  if (depth === "whole") return { text: summary, paste: pasted(sql) };
  const isAlike = before !== sql && before.replace(cancel, terminate) === sql;
  if (isAlike) return { text: `${summary} The same, with ${terminate}.` };
  return depth === "lean"
    ? { text: summary, paste: pasted(sql) }
    : { text: `${summary} (The SQL is in the report.)` };
}

const cancel = "pg_cancel_backend";
const terminate = "pg_terminate_backend";

const isFinal = (undo: string | undefined): boolean => /^None: /.test(undo ?? "");

function remarks(lock: string | undefined, undo: string | undefined): string | undefined {
  const said = [
    lock === undefined || /^none\b/i.test(lock) ? "" : `Lock: ${lock}.`,
    undo === undefined || isCommand(undo)
      ? ""
      : `Undo: ${undo}`.replace(/^Undo: None: /, "No way back: ").replace(/^Undo: N/, "Undo: n"),
  ].filter(Boolean);
  return said.length === 0 ? undefined : said.join(" ").replace(/\.\.$/, ".");
}

const pasted = (text: string): Step["paste"] =>
  text.trim() === ""
    ? undefined
    : { language: /^(npx )?pgvigil /.test(text) ? "shell" : "sql", text };

/** Further ways stand behind an empty line. */
const firstPart = (sql: string): string => sql.split(/\n\s*\n/)[0] ?? "";

/** One question, that calls nothing which changes anything. */
const onlyLooks = (sql: string): boolean =>
  /^\s*SELECT\b[^;]*;?\s*$/i.test(sql) && !/pg_(cancel|terminate)_backend|pg_drop_/.test(sql);

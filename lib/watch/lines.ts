import { categoryOf } from "../core/check.ts";
import { isAtLeast, rank } from "../core/severity.ts";
import { count, sayTime } from "../core/units.ts";
import {
  type Gap,
  missedIn,
  type PassLine,
  type Story,
  type Unseen,
  type Watch,
} from "../core/watch.ts";
import { isSeenAtLast } from "./story.ts";

/** The lines of a runbook, by category of check, in their order. */
const areas: Readonly<Record<string, string>> = {
  server: "Server",
  migrations: "Migrations",
  schema: "Schema",
  constraints: "Constraints",
  indexes: "Indexes",
  integrity: "Rows",
  locks: "Locks",
  activity: "Sessions",
  capacity: "Capacity",
  statements: "Statements",
  configuration: "Settings",
};

/** What a line says of each check that saw all and found nothing. Others are counted. */
const well: Readonly<Record<string, string>> = {
  "server/unreachable": "answers",
  "migrations/dirty": "none dirty",
  "migrations/in-progress": "none under way",
  "migrations/modified": "none modified",
  "migrations/pending": "none pending",
  "schema/drift-from-baseline": "as sealed",
  "schema/drift-from-last": "nothing changed without a migration",
  "constraints/not-validated": "all validated",
  "constraints/not-enforced": "all enforced",
  "constraints/disabled-trigger": "no trigger is off",
  "indexes/invalid": "all valid",
  "indexes/no-longer-used": "all used as before",
  "integrity/foreign-key-orphans": "no orphans",
  "integrity/row-loss": "none lost",
  "locks/blocking-chain": "nobody is blocked",
  "activity/long-transaction": "no transaction is long",
  "activity/connection-trend": "as many as before",
  "capacity/connections": "connections left",
  "capacity/sequence-exhaustion": "numbers left",
  "capacity/growth": "grows as before",
  "statements/regression": "as quick as before",
  "statements/error-rate": "no more errors than before",
  "configuration/settings-drift": "as before",
};

/** Its notices are changes that a migration explains. */
const holdsWithNotices = new Set(["schema/drift-from-last"]);

/** What is derived of the looks, once for all who say something of it. */
export interface Facts {
  readonly stories: readonly Story[];
  readonly unseen: readonly Unseen[];
  readonly gaps: readonly Gap[];
}

/** Worse than a notice, and not ended: what a verdict fails by. */
export const isOpen = ({ endedAt, severity }: Story): boolean =>
  endedAt === undefined && isAtLeast(severity, "warning");

/**
 * One line an area. FAIL for what lasts, ???? for what was not seen when it was last looked for,
 * PASS only where all of it was, and of what: a check that says nothing here is in no line.
 */
export function linesOf(watch: Watch, facts: Facts): readonly PassLine[] {
  const asked = watch.checks.filter((check) => isSeenAtLast(watch, check) !== undefined);
  const byArea = Map.groupBy(asked, (check) => areas[categoryOf(check)] ?? "Others");
  return [
    looksLine(watch, facts.gaps),
    ...[...Object.values(areas), "Others"].flatMap((area) => {
      const checks = byArea.get(area);
      return checks === undefined ? [] : [lineOf(watch, facts, area, checks)];
    }),
  ];
}

function lineOf(
  watch: Watch,
  { stories, unseen }: Facts,
  area: string,
  checks: readonly string[],
): PassLine {
  const here = stories.filter(({ check }) => checks.includes(check));
  const open = here.filter(isOpen).toSorted((a, b) => rank(b.severity) - rank(a.severity));
  const [worst] = open;
  if (worst !== undefined) {
    const text = `${worst.summary}${open.length > 1 ? `, and ${open.length - 1} more` : ""}`;
    return { mark: "FAIL", area, text };
  }
  const blind = checks.filter((check) => isSeenAtLast(watch, check) === false);
  const [first] = blind;
  if (first !== undefined) {
    return { mark: "????", area, text: blindWords(first, blind.length - 1, unseen) };
  }
  const ended = here.filter(({ endedAt }) => endedAt !== undefined).length;
  const notices = here.length - ended;
  const more = [
    ended > 0 ? `${count(ended, "finding")} came and went` : "",
    notices > 0 ? count(notices, "notice") : "",
  ].filter(Boolean);
  const noticed = new Set(
    here.filter((one) => one.endedAt === undefined).map(({ check }) => check),
  );
  const passed = checks.filter((check) => !noticed.has(check) || holdsWithNotices.has(check));
  return { mark: "PASS", area, text: [wellWords(passed), ...more].filter(Boolean).join("; ") };
}

function wellWords(checks: readonly string[]): string {
  const words = checks.flatMap((check) => well[check] ?? []);
  const others = checks.length - words.length;
  if (words.length === 0) return others === 0 ? "" : `${count(others, "check")} passed`;
  return others === 0
    ? words.join(", ")
    : `${words.join(", ")}; ${count(others, "more check", "more checks")} passed`;
}

function blindWords(check: string, more: number, unseen: readonly Unseen[]): string {
  const { reason = "", seenAt } = unseen.find((one) => one.check === check) ?? {};
  const since = seenAt === undefined ? "was never seen" : `was last seen ${sayTime(seenAt)}`;
  const others = more > 0 ? `; ${count(more, "other check")} neither` : "";
  return `${check} ${since}${reason === "" ? "" : `: ${reason}`}${others}`;
}

function looksLine({ looks }: Watch, gaps: readonly Gap[]): PassLine {
  const missed = missedIn(gaps);
  const area = "Looks";
  if (looks.length === 0) return { mark: "????", area, text: "none was taken" };
  return missed === 0
    ? { mark: "PASS", area, text: `${looks.length} of ${looks.length} taken` }
    : { mark: "????", area, text: `${missed} of ${looks.length + missed} were missed` };
}

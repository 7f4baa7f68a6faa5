import { isAtLeast, rank } from "../core/severity.ts";
import { count } from "../core/units.ts";
import type { Gap, PassLine, Story, Unseen, Watch } from "../core/watch.ts";
import { isSeenAtLast } from "./story.ts";

/** The lines of a runbook: which checks make one, and what it says where all is well. */
const areas = [
  { area: "Server", category: "server", well: "answers" },
  { area: "Migrations", category: "migrations", well: "none dirty" },
  { area: "Schema", category: "schema", well: "nothing unexplained changed" },
  { area: "Constraints", category: "constraints", well: "all hold" },
  { area: "Indexes", category: "indexes", well: "all valid" },
  { area: "Rows", category: "integrity", well: "none lost, no orphans" },
  { area: "Locks", category: "locks", well: "nobody is blocked" },
  { area: "Sessions", category: "activity", well: "none holds others up" },
  { area: "Capacity", category: "capacity", well: "there is room" },
  { area: "Statements", category: "statements", well: "as quick as before" },
  { area: "Settings", category: "configuration", well: "as before" },
] as const;

interface Facts {
  readonly stories: readonly Story[];
  readonly unseen: readonly Unseen[];
  readonly gaps: readonly Gap[];
}

/** Worse than a notice, and not ended: what a verdict fails by. */
export const isOpen = ({ endedAt, severity }: Story): boolean =>
  endedAt === undefined && isAtLeast(severity, "warning");

/**
 * One line an area. FAIL for what lasts, ???? for what was not seen when it was last looked for,
 * PASS only where all of it was: what was not asked here at all makes no line.
 */
export function linesOf(watch: Watch, facts: Facts): readonly PassLine[] {
  const known = areas.flatMap(({ area, category, well }) =>
    lineOf(watch, facts, { area, well, isOf: (check) => check.startsWith(`${category}/`) }),
  );
  const isOther = (check: string) =>
    !areas.some(({ category }) => check.startsWith(`${category}/`));
  const others = lineOf(watch, facts, { area: "Others", well: "all pass", isOf: isOther });
  return [looksLine(watch, facts.gaps), ...known, ...others];
}

interface Area {
  readonly area: string;
  readonly well: string;
  readonly isOf: (check: string) => boolean;
}

function lineOf(watch: Watch, { stories, unseen }: Facts, { area, well, isOf }: Area): PassLine[] {
  const checks = watch.checks.filter(isOf);
  const asked = checks.filter((check) => isSeenAtLast(watch, check) !== undefined);
  if (asked.length === 0) return [];
  const here = stories.filter(({ check }) => isOf(check));
  const open = here.filter(isOpen).toSorted((a, b) => rank(b.severity) - rank(a.severity));
  const [worst] = open;
  if (worst !== undefined) {
    const text = `${worst.summary}${open.length > 1 ? `, and ${open.length - 1} more` : ""}`;
    return [{ mark: "FAIL", area, text }];
  }
  const blind = asked.filter((check) => isSeenAtLast(watch, check) === false);
  const [first] = blind;
  if (first !== undefined) {
    return [{ mark: "????", area, text: blindWords(first, blind.length - 1, unseen) }];
  }
  const ended = here.filter(({ endedAt }) => endedAt !== undefined);
  const notices = here.filter(({ endedAt }) => endedAt === undefined);
  const more = [
    ended.length > 0 ? `${count(ended.length, "finding")} came and went` : "",
    notices.length > 0 ? count(notices.length, "notice") : "",
  ].filter(Boolean);
  return [{ mark: "PASS", area, text: [wellOf(asked, area, well), ...more].join("; ") }];
}

/** Held against a seal where there is one; else only against what was there before. */
function wellOf(asked: readonly string[], area: string, well: string): string {
  if (area !== "Schema") return well;
  return asked.includes("schema/drift-from-baseline") ? "as sealed" : well;
}

function blindWords(check: string, more: number, unseen: readonly Unseen[]): string {
  const { reason = "", seenAt } = unseen.find((one) => one.check === check) ?? {};
  const since =
    seenAt === undefined
      ? "was never seen"
      : `was last seen ${seenAt.slice(0, 16).replace("T", " ")} UTC`;
  const others = more > 0 ? `; ${count(more, "other check")} neither` : "";
  return `${check} ${since}${reason === "" ? "" : `: ${reason}`}${others}`;
}

function looksLine({ looks }: Watch, gaps: readonly Gap[]): PassLine {
  const missed = gaps.reduce((sum, gap) => sum + gap.looks, 0);
  const area = "Looks";
  if (looks.length === 0) return { mark: "????", area, text: "none was taken" };
  return missed === 0
    ? { mark: "PASS", area, text: `${looks.length} of ${looks.length} taken` }
    : { mark: "????", area, text: `${missed} of ${looks.length + missed} were missed` };
}

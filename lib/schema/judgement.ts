import type { Judgement } from "../core/check.ts";
import type { Blindness } from "../core/outcome.ts";
import { count, sayTime } from "../core/units.ts";
import type { Comparison } from "./comparison.ts";

type Live = Extract<Comparison, { readonly state: "compared" }>["live"];

/** `1,204 objects; not compared: 3 policies, 2 domains`: what was held against something, and what not. */
export function scopeOf(live: Live): string {
  const { objects, unread, unmodelled, seen, isUnchanged, readAgain } = live;
  const counted = sayUnmodelled(unmodelled);
  return [
    count(objects, "object"),
    ...(isUnchanged && seen !== undefined
      ? [`no catalog changed since they were read on ${sayTime(seen.at)}`]
      : []),
    ...(readAgain === undefined ? [] : [sayReadAgain(readAgain)]),
    ...(unread.length > 0 ? [`${unread.length} not read`] : []),
    ...(counted.length > 0 ? [`not compared: ${counted.join(", ")}`] : []),
  ].join("; ");
}

/** `2 roles`, `1 function in a system schema`, `3 rows of pg_new`: what no snapshot holds, counted. */
export const sayUnmodelled = (unmodelled: Live["unmodelled"]): readonly string[] =>
  Object.entries(unmodelled).map(([kind, n]) => {
    if (kind.startsWith("rows of "))
      return n === 1 ? kind.replace("rows", "1 row") : `${n} ${kind}`;
    if (kind === "user mapping options") return `options of ${count(n, "user mapping")}`;
    const [, noun = kind, rest = ""] = /^(.*?)( in .*| of .*| ".*)?$/s.exec(kind) ?? [];
    return `${count(n, noun, noun.endsWith("ss") ? `${noun}es` : `${noun}s`)}${rest}`;
  });

/** Of how many objects with a definition how many were read now. */
const sayReadAgain = ({ units, of }: NonNullable<Live["readAgain"]>): string =>
  `read again: ${units.toLocaleString("en-US")} of ${count(of, "table, view, sequence, function or domain", "tables, views, sequences, functions and domains")}, as of the others nothing changed`;

/** The scope of a comparison: what was read, what made itself, and what is not known of who did it. */
export function scopeOfComparison(
  { live, apart, differences, explanation }: Extract<Comparison, { readonly state: "compared" }>,
  heldAgainst: string,
): string {
  const isUnknown = differences.length > 0 && explanation.by === "unknown";
  return [
    scopeOf(live),
    `held against ${heldAgainst}`,
    ...apart,
    ...(isUnknown ? [explanation.reason] : []),
  ].join("; ");
}

/** What was locked while we looked is unknown, and what nobody here could compare. */
export function blindnessOf({ unread }: Live, unparsed = 0): Blindness | undefined {
  const [first] = unread;
  if (first === undefined) return unparsed === 0 ? undefined : withoutParser(unparsed);
  const names = unread.slice(0, 5).map(({ kind, identity }) => `${kind} ${identity}`);
  const more = unread.length > 5 ? ` and ${unread.length - 5} more` : "";
  const said = `${names.join(", ")}${more}`;
  return first.cause === "lock"
    ? {
        cause: "lock",
        reason: `somebody holds, or waits for, ACCESS EXCLUSIVE on ${said}`,
        cure: "Look again when that is over; pgvigil locks shows who it is.",
      }
    : {
        cause: first.cause,
        reason: `could not be read in the 250 ms that a statement may take: ${said}`,
        cure: "Look again when the server is less busy.",
      };
}

const withoutParser = (n: number): Blindness => ({
  cause: "error",
  reason: `${count(n, "definition")} printed differently by two major versions: the functions on AWS have no parser of PostgreSQL to compare them by`,
  cure: "pgvigil check with --store of the deployment compares them on a machine that has npm's libpg-query.",
});

/** The states that are no comparison, but for the one that means different things to each check. */
export function withoutComparison(
  comparison: Extract<Comparison, { readonly state: "changing" | "unreadable" }>,
): Judgement {
  if (comparison.state === "changing") {
    return {
      scope: "not compared",
      findings: [],
      blind: {
        cause: "error",
        reason: comparison.reason,
        cure: "Look again when the migration is through.",
      },
    };
  }
  const { reason, cure, live } = comparison;
  return {
    scope: `${scopeOf(live)}, not compared`,
    findings: [],
    blind: { cause: "error", reason, cure },
  };
}

import type { Json } from "../core/check.ts";
import type { Finding } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import { sayDuration, saySize } from "../core/units.ts";

type Evidence = Pick<Finding, "evidence">;

/**
 * Evidence for people: its plain facts, in one line. Sessions, lists of objects and long texts are
 * told by the finding's own sentences, and are all in `--format json`.
 */
export function evidenceLine({ evidence }: Evidence): string {
  return Object.entries(evidence)
    .filter(([key, value]) => !saidBefore.has(key) && isPlain(value))
    .map(([key, value]) => fact(key, value))
    .join(", ");
}

const longest = 80;

function isPlain(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlain);
  if (typeof value === "string") return value !== "" && value.length <= longest;
  return typeof value === "number" || typeof value === "boolean";
}

const definitionSigns = { before: "-", after: "+" } as const;

/** What the summary and the signs say already. */
const saidBefore = new Set(["before", "after", "change", "facets", "looksLike"]);
const mostLines = 12;

/** What an object was and is, as a person would write it, a sign before each line. */
export function definitionLines({ evidence }: Evidence): readonly string[] {
  const all = { before: linesOf(evidence.before), after: linesOf(evidence.after) };
  const common = new Set(all.before.filter((line) => all.after.includes(line)));
  const isLong = all.before.length + all.after.length > mostLines;
  // What stands beside a definition, as its owner, is worth a line only where it changed.
  const isNews = (line: string) => !common.has(line) || !(isLong || line.startsWith("-- "));
  return (["before", "after"] as const).flatMap((side) => {
    const lines = all[side].filter(isNews);
    const shown = lines.slice(0, mostLines).map((line) => `${definitionSigns[side]} ${line}`);
    const more = lines.length - shown.length;
    return more > 0 ? [...shown, `${definitionSigns[side]} and ${more} more lines`] : shown;
  });
}

const linesOf = (value: Json | undefined): readonly string[] =>
  typeof value === "string" && value !== "" ? value.split("\n").map(printable) : [];

/** The unit stands in the key: sizeBytes, ageSeconds. */
function fact(key: string, value: Json): string {
  const [, stem, unit] = /^(.*?)(Bytes|Seconds)$/.exec(key) ?? [];
  if (stem && typeof value === "number") {
    return `${words(stem)} ${unit === "Bytes" ? saySize(value) : sayDuration(value)}`;
  }
  if (key === "seconds" && typeof value === "number") return sayDuration(value);
  return value === true ? words(key) : `${words(key)} ${say(value)}`;
}

/** `isReady` is said `is ready`. */
const words = (key: string): string =>
  printable(key.replace(/[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`).trim());

function say(value: Json): string {
  if (value === false) return "no";
  if (Array.isArray(value)) return sayList(value);
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

function sayList(values: readonly Json[]): string {
  const shown = values.slice(0, 5).map(say).join(", ");
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
}

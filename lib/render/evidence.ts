import type { Json } from "../core/check.ts";
import type { Finding } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import { count, sayDuration, saySize } from "../core/units.ts";

const shownOfAList = 3;

/**
 * Evidence for people: plain facts on one line, then a line for each of the first sessions.
 * The whole of it is in `--format json`.
 */
export function evidenceLines({ evidence }: Pick<Finding, "evidence">): readonly string[] {
  const plain: string[] = [];
  const lists: string[] = [];
  for (const [key, value] of Object.entries(evidence)) {
    if (Array.isArray(value) && value.some((entry) => isRecord(entry))) {
      lists.push(...listLines(words(key), value));
    } else if (value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)) {
      plain.push(fact(key, value));
    }
  }
  return [...(plain.length > 0 ? [plain.join(", ")] : []), ...lists];
}

function listLines(name: string, entries: readonly Json[]): readonly string[] {
  const shown = entries
    .slice(0, shownOfAList)
    .map((entry) => `${name}: ${isRecord(entry) ? facts(entry) : say(entry)}`);
  const more = entries.length - shown.length;
  return more > 0 ? [...shown, `${name}: and ${count(more, "more", "more")}`] : shown;
}

const facts = (record: Readonly<Record<string, Json>>): string =>
  Object.entries(record)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => fact(key, value))
    .join(", ");

/** The unit stands in the key: sizeBytes, ageSeconds. */
function fact(key: string, value: Json): string {
  const [, stem, unit] = /^(.*?)(Bytes|Seconds)$/.exec(key) ?? [];
  if (stem && typeof value === "number") {
    return `${words(stem)} ${unit === "Bytes" ? saySize(value) : sayDuration(value)}`;
  }
  return value === true ? words(key) : `${words(key)} ${say(value)}`;
}

/** `isReady` is said `is ready`. */
const words = (key: string): string =>
  printable(key.replace(/[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`).trim());

function say(value: Json): string {
  if (value === false) return "no";
  if (Array.isArray(value)) return sayList(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return printable(text.length > 160 ? `${text.slice(0, 160)}...` : text);
}

function sayList(values: readonly Json[]): string {
  const shown = values.slice(0, 5).map(say).join(", ");
  if (values.length === 0) return "none";
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
}

const isRecord = (value: Json): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

import type { Alert, AlertStatus, Bulletin, Sample } from "../../core/alert.ts";
import type { Measure } from "../../core/finding.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import { sayDuration, sayShare, saySize } from "../../core/units.ts";

/** What an alert is, in the word that begins it: `CRITICAL`, `RESOLVED`, `UNKNOWN`. */
export function tagOf(alert: Alert): string {
  const tag = tags[alert.status];
  if (tag !== undefined) return tag;
  const now = isUnreachable(alert) ? "UNKNOWN" : alert.severity.toUpperCase();
  return alert.status === "reminded" ? `STILL ${now}` : now;
}

const tags: Partial<Readonly<Record<AlertStatus, string>>> = {
  eased: "EASED",
  resolved: "RESOLVED",
  flapping: "FLAPPING",
  unseen: "UNSEEN",
  unknown: "UNKNOWN",
  event: "EVENT",
  verdict: "VERDICT",
  test: "TEST",
  unreadable: "UNREADABLE",
};

/** Nobody answered, so that nothing is known; a server that is full said so itself. */
const isUnreachable = ({ check, finding }: Alert): boolean =>
  check === "server/unreachable" && finding.evidence.full === undefined;

/** Has it passed? */
export const isOver = ({ status }: Alert): boolean => status === "resolved";

/** `, was warning`: how bad it was when it was last told, where that was otherwise. */
export function sayBefore({ before, severity, status }: Alert): string {
  if (before === undefined || before === severity) return "";
  return status === "eased" ? `, ${before} before, ${severity} now` : `, was ${before}`;
}

/** Is there anything to be done about it? */
export const isToDo = ({ status, finding }: Alert): boolean =>
  status !== "resolved" &&
  status !== "verdict" &&
  ((status !== "test" && status !== "event") || finding.remedy !== undefined);

/**
 * The sentence behind the target's name, which need not say it again. What is over was at its worst
 * what it is remembered by.
 */
export function sentenceOf({ status, title, peak, finding }: Alert, target: Target): string {
  if (status === "verdict") return `${title}, ${finding.object.identity}`;
  const { summary } = status === "resolved" ? (peak ?? finding) : finding;
  const name = sayTarget(target);
  if (summary.startsWith(`${name}: `)) return summary.slice(name.length + 2);
  return summary.startsWith(`${name} does not answer`)
    ? summary.replace(`${name} does`, "It does")
    : summary;
}

/** What a bulletin is about first: what lasts, before what is over. */
export function inOrder({ alerts }: Pick<Bulletin, "alerts">): readonly [Alert, ...Alert[]] {
  const [first, ...rest] = [...alerts.filter((alert) => !isOver(alert)), ...alerts.filter(isOver)];
  if (first === undefined) throw new Error("a bulletin without an alert");
  return [first, ...rest];
}

export const shortId = (fingerprint: string): string => fingerprint.slice(0, 8);

/** `03:12 UTC`; of another day than `now`'s `19 Nov 03:12 UTC`. */
export function sayTime(at: string, now: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const iso = date.toISOString();
  const clock = `${iso.slice(11, 16)} UTC`;
  if (iso.slice(0, 10) === now.slice(0, 10)) return clock;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${clock}`;
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `15:29 Berlin`, beside a time in UTC; empty where that is the clock. */
export function sayLocal(at: string, timezone = "UTC"): string {
  const date = new Date(at);
  if (/^(Etc\/)?(UTC|GMT|Zulu|UCT)$/.test(timezone) || Number.isNaN(date.getTime())) return "";
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const clock = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: timezone }).format(date);
  return `${clock} ${(timezone.split("/").at(-1) ?? timezone).replaceAll("_", " ")}`;
}

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) || 0;

/** `since 03:12 UTC (04:12 Berlin, 6 min)`; what has just begun is not said to last. */
export function saySince({ openedAt, at, status }: Alert, timezone?: string): string {
  const remarks = (...all: readonly string[]) => {
    const said = all.filter((one) => one !== "");
    return said.length === 0 ? "" : ` (${said.join(", ")})`;
  };
  if (["event", "verdict", "test"].includes(status)) {
    return `at ${sayTime(at, at)}${remarks(sayLocal(at, timezone))}`;
  }
  const lasted = secondsBetween(openedAt, at);
  const duration = lasted < 1 ? "" : sayDuration(lasted);
  return `since ${sayTime(openedAt, at)}${remarks(sayLocal(openedAt, timezone), duration)}`;
}

function sayMeasure({ value, unit }: Pick<Measure, "value" | "unit">): string {
  if (unit === "bytes") return saySize(value);
  if (unit === "seconds") return value < 1 ? `${Math.round(value * 1000)} ms` : sayDuration(value);
  // Made when it is needed: a formatter of numbers is a tenth of what a function takes to load.
  return unit === "share" ? sayShare(value) : value.toLocaleString("en-US");
}

const shownSamples = 6;

/** `3 -> 9 -> 14 sessions waiting, growing (10 min)`: does it get worse while you read? */
export function sayTrend({ finding: { measure }, samples, at }: Alert): string | undefined {
  if (measure === undefined) return undefined;
  const shown = thinned(samples);
  const [first] = shown;
  const last = shown.at(-1);
  const say = (value: number) => sayMeasure({ value, unit: measure.unit });
  const of = measure.unit === "share" ? `of ${measure.of}` : measure.of;
  if (first === undefined || last === undefined || shown.length < 2) {
    return `${say(measure.value)} ${of}; one look, no trend yet`;
  }
  const values = shown.map(({ value }) => say(value)).join(" -> ");
  const over = sayDuration(secondsBetween(first.at, last.at));
  const age = secondsBetween(last.at, at);
  const until = age > 60 ? `, last seen ${sayDuration(age)} ago` : "";
  return `${values} ${of}, ${way(first.value, last.value)} (${over}${until})`;
}

/** The first, the last, and some between. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= shownSamples) return samples;
  const step = (samples.length - 1) / (shownSamples - 1);
  return Array.from({ length: shownSamples }, (_, i) => samples[Math.round(i * step)]).filter(
    (sample) => sample !== undefined,
  );
}

function way(first: number, last: number): string {
  if (last === first) return "steady";
  return last > first ? "growing" : "falling";
}

/** How long it has been, or was. */
export const sayLasted = ({ openedAt, resolvedAt, at }: Alert): string =>
  sayDuration(secondsBetween(openedAt, resolvedAt ?? at));

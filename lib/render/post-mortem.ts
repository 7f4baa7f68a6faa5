import type { Finding, Measure } from "../core/finding.ts";
import type { Severity } from "../core/severity.ts";
import { sayDuration, sayShare, saySize, sayTime } from "../core/units.ts";
import { codeBlock, codeSpan, escaped } from "./markdown-escape.ts";

/** All that is known of an incident, for whoever writes what happened. */
export interface IncidentStory {
  readonly fingerprint: string;
  readonly target: string;
  readonly check: string;
  readonly title: string;
  readonly why: string;
  readonly state: string;
  readonly owner?: string | undefined;
  readonly openedAt: string;
  readonly resolvedAt?: string | undefined;
  readonly peak: { readonly severity: Severity; readonly at: string; readonly summary: string };
  readonly finding: Finding;
  readonly samples: readonly { readonly at: string; readonly value: number }[];
  readonly consequences: readonly { readonly check: string; readonly summary: string }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly what: string;
    readonly severity?: Severity | undefined;
    readonly text?: string | undefined;
    readonly by?: string | undefined;
  }[];
  /** What changed on the target around it, oldest first. */
  readonly changes: readonly { readonly at: string; readonly text: string }[];
}

/** The skeleton of a post-mortem: what happened when, and what a person has still to write. */
export function postMortem(story: IncidentStory): string {
  const { target, check, title, why, finding, peak, consequences, owner } = story;
  const facts = [
    ["Target", escaped(target)],
    ["Check", codeSpan(check)],
    ["Began", sayTime(story.openedAt)],
    ["Ended", ending(story)],
    ["Worst", `${peak.severity}, ${sayTime(peak.at)}: ${escaped(peak.summary)}`],
    ...(owner === undefined ? [] : [["Owner", escaped(owner)]]),
    ["Fingerprint", codeSpan(story.fingerprint)],
  ];
  const parts = [
    `# ${escaped(finding.summary)}`,
    ["| | |", "|---|---|", ...facts.map(([name, value]) => `| ${name} | ${value} |`)].join("\n"),
    `## What it means\n\n${escaped(`${title}. ${why}`)}`,
    list(
      "What it caused",
      consequences.map((one) => `${codeSpan(one.check)} ${escaped(one.summary)}`),
    ),
    `## Timeline\n\n${timelineOf(story)}`,
    measured(story),
    remedyOf(finding),
    "## Root cause\n\n_To be written._",
    "## What we change\n\n_To be written._",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const ending = ({ openedAt, resolvedAt, state }: IncidentStory): string => {
  if (resolvedAt === undefined) return escaped(state);
  const seconds = (Date.parse(resolvedAt) - Date.parse(openedAt)) / 1000;
  return `${sayTime(resolvedAt)}, after ${sayDuration(seconds)}`;
};

/** What happened to the incident, and what changed around it, in one column of time. */
function timelineOf({ timeline, changes }: IncidentStory): string {
  const rows = [
    ...timeline.map(({ at, what, severity, text, by }) => ({
      at,
      what: [what, severity].filter(Boolean).join(" "),
      text: [text, by === undefined ? undefined : `by ${by}`].filter(Boolean).join(", "),
    })),
    ...changes.map(({ at, text }) => ({ at, what: "changed", text })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [
    "| UTC | what | |",
    "|---|---|---|",
    ...rows.map(
      ({ at, what, text }) => `| ${timeWithSeconds(at)} | ${escaped(what)} | ${escaped(text)} |`,
    ),
  ].join("\n");
}

const timeWithSeconds = (at: string): string => at.slice(0, 19).replace("T", " ");

function measured({ finding: { measure }, samples }: IncidentStory): string {
  if (measure === undefined || samples.length === 0) return "";
  const values = samples.map(
    ({ at, value }) => `${at.slice(11, 16)} ${sayMeasured(value, measure)}`,
  );
  return `## How it grew\n\n${escaped(measure.of)}: ${values.join(", ")}`;
}

function sayMeasured(value: number, { unit }: Measure): string {
  if (unit === "seconds") return sayDuration(value);
  if (unit === "bytes") return saySize(value);
  return unit === "share" ? sayShare(value) : value.toLocaleString("en-US");
}

function remedyOf({ remedy }: Finding): string {
  if (remedy === undefined) return "";
  const { summary, sql, otherwise } = remedy;
  const block = (text: string | undefined) =>
    text === undefined ? [] : [codeBlock(text.split("\n"))];
  const other =
    otherwise === undefined ? [] : [escaped(`Else: ${otherwise.summary}`), ...block(otherwise.sql)];
  return [`## What to do`, escaped(summary), ...block(sql), ...other].join("\n\n");
}

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? "" : `## ${title}\n\n${items.map((item) => `- ${item}`).join("\n")}`;

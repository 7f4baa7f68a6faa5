import { sayTarget } from "../core/target.ts";
import { sayDuration, sayTime } from "../core/units.ts";
import { sayVerdict, type Watch, type WatchPicture } from "../core/watch.ts";
import { codeBlock, codeSpan, escaped } from "./markdown-escape.ts";
import {
  looksWords,
  noteWords,
  showsSeconds,
  stateWords,
  storyTimes,
  unseenTogether,
} from "./watch-words.ts";

const signs = {
  healthy: "✅",
  "healthy-with-notes": "✅",
  unknown: "❓",
  "not-healthy": "❌",
} as const;

/** What is filed when a deployment is over: who did what, when, and how it went. */
export function watchMarkdown(picture: WatchPicture): string {
  const { watch, closing } = picture;
  const soFar = watch.state === "closed" ? "" : " so far";
  const blocks = [
    `# Sign-off: ${escaped(watch.deploy ?? "a deployment")} on ${escaped(sayTarget(watch.target))}`,
    `${signs[closing.verdict]} **${sayVerdict[closing.verdict]}**${soFar}: ${escaped(stateWords(picture))}; ${looksWords(picture)}.`,
    table(picture),
    "## Checks",
    closing.lines
      .map(({ mark, area, text }) => `- ${codeSpan(`[${mark}]`)} ${escaped(`${area}: ${text}`)}`)
      .join("\n"),
    "## Issues",
    issues(picture),
    "## Schema",
    schema(watch),
    ...unseen(picture),
    `<sub>watch ${escaped(watch.id)}</sub>`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function table({ watch, closing }: WatchPicture): string {
  const { deploy, by, openedAt, preparedAt, target } = watch;
  const migrations = closing.outcome?.migrations;
  const rows: readonly (readonly [string, string])[] = [
    ["Deployment", deploy ?? "not named"],
    ["Migration", watch.state === "closed" ? sayMigrations(migrations) : notYet],
    ["Applied by", by],
    ["Date", openedAt === undefined ? "never" : sayTime(openedAt)],
    ["Environment", target.environment],
    ["Database", target.name],
    ["Execution time", executionTime(preparedAt, openedAt)],
    ["Restore to before", sayPosition(watch)],
  ];
  return [
    "| | |",
    "|---|---|",
    ...rows.map(([name, text]) => `| ${name} | ${escaped(text)} |`),
  ].join("\n");
}

const notYet = "told when the watch has ended";

function sayMigrations(migrations: readonly string[] | undefined): string {
  if (migrations === undefined) return "not known: the migration tools were not read";
  return migrations.length === 0 ? "none since the baseline" : migrations.join(", ");
}

function executionTime(preparedAt: string | undefined, openedAt: string | undefined): string {
  if (preparedAt === undefined || openedAt === undefined) {
    return "not measured: pgvigil watch prepare, before the deployment";
  }
  const seconds = (Date.parse(openedAt) - Date.parse(preparedAt)) / 1000;
  return `${sayDuration(seconds)} (from prepare to start)`;
}

/** A look after the deployment began is no place to go back to. */
function sayPosition({ baseline, openedAt }: Watch): string {
  if (baseline === undefined) return "not known: no baseline";
  const { vitals, at } = baseline;
  if (openedAt !== undefined && at >= openedAt) {
    return "not known: pgvigil watch prepare, before the deployment";
  }
  const time = sayTime(vitals?.at ?? at, true);
  return vitals?.wal === undefined ? time : `${time}, WAL position ${vitals.wal.lsn}`;
}

function issues(picture: WatchPicture): string {
  const { closing, watch } = picture;
  const rows = closing.found.map((story) => {
    const cells = [
      story.severity,
      story.summary,
      storyTimes(story, showsSeconds(watch)),
      story.check,
    ];
    return `| ${cells.map(escaped).join(" | ")} |`;
  });
  const notes = noteWords(picture);
  return [
    rows.length === 0
      ? "None was found."
      : ["| severity | what | when | check |", "|---|---|---|---|", ...rows].join("\n"),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escaped(note)}`).join("\n")]),
  ].join("\n\n");
}

function schema({ closing, state }: Watch): string {
  if (state !== "closed") return "Compared when the watch has ended.";
  const lines = closing?.outcome?.schema;
  if (lines === undefined) return "Not compared: a snapshot is missing.";
  return lines.length === 0 ? "As it was before." : codeBlock(lines, "diff");
}

function unseen({ closing }: WatchPicture): readonly string[] {
  if (closing.unseen.length === 0) return [];
  const lines = unseenTogether(closing.unseen).map(({ words, checks }) =>
    checks.length === 1
      ? `- ${escaped(words)}`
      : `- ${escaped(words)} (${checks.map(codeSpan).join(", ")})`,
  );
  return ["## Not seen", lines.join("\n")];
}

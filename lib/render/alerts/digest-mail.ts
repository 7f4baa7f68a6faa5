import type { Alert, Digest } from "../../core/alert.ts";
import { rank } from "../../core/severity.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import { count } from "../../core/units.ts";
import { isCommand } from "../command.ts";
import { ascii, mailText } from "./alphabets.ts";
import { incidentsCommand } from "./commands.ts";
import { type DigestCounts, digestCounts, headline, stateLine } from "./digest-words.ts";
import { atMost, brief, fold, hung } from "./fold.ts";
import { mailColumns, mailOfLines, paragraph, spaced, titled } from "./mail-layout.ts";
import { shellLines, sqlLines } from "./paste.ts";
import type { AlertSettings } from "./settings.ts";
import { sayTime, shortId } from "./words.ts";

type Told = Digest["open"][number];

/** How many entries a section has; whoever wants all of them types a command. */
const room = { targets: 15, incidents: 12, ended: 8, causes: 8, watches: 8 };

/** The morning mail: what was not seen first, then what began, what goes on, what ended. */
export function digestMail(digest: Digest, settings: AlertSettings): string {
  const counts = digestCounts(digest);
  const began = new Set(digest.began.map(({ alert }) => alert.finding.fingerprint));
  const goingOn = digest.open.filter(({ alert }) => !began.has(alert.finding.fingerprint));
  return mailOfLines(
    spaced([
      [
        ...fold(headline(counts), mailColumns),
        ...fold(stateLine(digest, counts, settings.timezone), mailColumns),
      ],
      titled("NOT LOOKED AT", unseenTargets(digest)),
      titled("BEGAN", incidents(digest.began, digest, room.incidents)),
      titled("GOES ON", incidents(goingOn, digest, room.incidents)),
      titled("ENDED", incidents(digest.ended, digest, room.ended)),
      titled("HERE BEFORE US", firstSeen(digest, settings)),
      titled("COULD NOT BE CHECKED", causes(digest)),
      titled("UNDER WATCH", watches(digest)),
      footLines(digest, counts, settings),
    ]),
  );
}

function unseenTargets({ targets, at }: Digest): readonly string[] {
  const unseen = targets.filter(({ isUnseen }) => isUnseen);
  const { shown, more } = atMost(unseen, room.targets);
  return [
    ...shown.map(({ target, lookedAt }) => {
      const last = lookedAt === undefined ? "never" : `last ${sayTime(lookedAt, at)}`;
      const name = mailText(sayTarget(target));
      return brief(`  ${name}  ${last}`, mailColumns);
    }),
    ...more.map((line) => `  ${line}`),
  ];
}

/** The worst first; what several targets have alike stands together. */
function incidents(all: readonly Told[], digest: Digest, most: number): readonly string[] {
  const groups = [...Map.groupBy(all, likeness).values()].sort(([a], [b]) => rankOf(b) - rankOf(a));
  const { shown, more } = atMost(groups, most);
  return [
    ...shown.flatMap((group) => groupLines(group, digest)),
    ...more.map((line) => `  ${line}`),
  ];
}

const rankOf = (told: Told | undefined): number =>
  told === undefined ? -1 : rank(told.alert.severity);

/** One check of one target that found so many of one severity, or one finding of many targets. */
const likeness = ({ target, alert }: Told): string =>
  JSON.stringify([alert.severity, alert.check, sayTarget(target)]);

function groupLines(group: readonly Told[], { at }: Digest): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { alert, target } = first;
  const head = `  ${alert.severity.toUpperCase().padEnd(8)}  `;
  const since = `${mailText(sayTarget(target))}  ${sinceWords(alert, at)}`;
  const more = group.length - 1;
  return [
    brief(`${head}${since}`, mailColumns),
    ...paragraph(alert.finding.summary, "            ", 2),
    brief(
      `            ${alert.check} [${shortId(alert.finding.fingerprint)}]${more > 0 ? ` and ${more.toLocaleString("en-US")} more like it` : ""}`,
      mailColumns,
    ),
  ];
}

const sinceWords = (alert: Alert, at: string): string =>
  alert.resolvedAt === undefined
    ? `since ${sayTime(alert.openedAt, at)}`
    : `${sayTime(alert.openedAt, at)} to ${sayTime(alert.resolvedAt, at)}`;

/** What was there when a target was first looked at: told here once, and adopted by a command. */
function firstSeen({ targets }: Digest, { places = "" }: AlertSettings): readonly string[] {
  const before = targets.filter(({ firstSeen = 0 }) => firstSeen > 0);
  if (before.length === 0) return [];
  const sum = before.reduce((total, { firstSeen = 0 }) => total + firstSeen, 0);
  const { shown, more } = atMost(before, room.targets);
  const environments = [...new Set(before.map(({ target }) => target.environment))];
  return [
    ...paragraph(
      `${count(sum, "finding")} ${sum === 1 ? "was" : "were"} here before us. They are told once, here. Mend them, or mark them as known:`,
      "  ",
      3,
    ),
    ...environments
      .slice(0, 3)
      .flatMap((environment) =>
        shellLines(
          ascii.prose(
            `npx pgvigil adopt --target '${environment.replaceAll("'", "")}/*' --why "..." ${places}`.trim(),
          ),
          mailColumns - 4,
        ).map((line) => `    ${line}`),
      ),
    ...shown.map(({ target, firstSeen = 0 }) =>
      brief(`  ${String(firstSeen).padStart(6)}  ${mailText(sayTarget(target))}`, mailColumns),
    ),
    ...more.map((line) => `  ${line}`),
  ];
}

/** Blind spots by their cause over the fleet, with the words that cure them. */
function causes({ unknown }: Digest): readonly string[] {
  const { shown, more } = atMost(unknown, room.causes);
  return [
    ...shown.flatMap(({ check, reason, cure, targets }) => [
      ...hung("  ", concerned(targets, check, reason), mailColumns).slice(0, 3),
      ...(cure !== undefined && isCommand(cure)
        ? sqlLines(cure, mailColumns - 4, ascii)
            .slice(0, 4)
            .map((line) => `    ${line}`)
        : paragraph(cure ?? "", "    ", 2)),
    ]),
    ...more.map((line) => `  ${line}`),
  ];
}

function concerned(targets: readonly Target[], check: string, reason: string): string {
  const [only] = targets;
  const who =
    targets.length === 1 && only !== undefined ? sayTarget(only) : count(targets.length, "target");
  return mailText(`${who}: ${check}: ${reason}`);
}

function watches({ watches: all, at }: Digest): readonly string[] {
  const { shown, more } = atMost(all, room.watches);
  return [
    ...shown.map(({ target, deploy, until }) =>
      brief(
        `  ${mailText(sayTarget(target))}  ${mailText(deploy)}  until ${sayTime(until, at)}`,
        mailColumns,
      ),
    ),
    ...more.map((line) => `  ${line}`),
  ];
}

function footLines(
  { id }: Digest,
  { known, notice }: DigestCounts,
  settings: AlertSettings,
): readonly string[] {
  const rest = [
    ...(notice > 0 ? [`${count(notice, "notice")} open`] : []),
    ...(known > 0 ? [`${known.toLocaleString("en-US")} known or acknowledged`] : []),
  ];
  return [
    ...(rest.length === 0 ? [] : [`Not told  ${rest.join(", ")}`]),
    `All       ${incidentsCommand(settings)}`,
    brief(`Id        ${mailText(id)}`, mailColumns),
  ];
}

import { printable } from "../core/printable.ts";
import { sayTarget } from "../core/target.ts";
import {
  type Curve,
  type PassLine,
  sayVerdict,
  type Unseen,
  type WatchPicture,
  type WatchVerdict,
} from "../core/watch.ts";
import type { Paint } from "./paint.ts";
import { painter } from "./paint.ts";
import { rangeOf, sparkline } from "./sparkline.ts";
import {
  looksWords,
  noteWords,
  sayValue,
  showsSeconds,
  stateWords,
  storyTimes,
  unseenTogether,
} from "./watch-words.ts";
import { columns, hang, padded, wrap } from "./wrap.ts";

export interface WatchContext {
  readonly colour: boolean;
  /** No other characters than ASCII: curves are drawn with what a typewriter has. */
  readonly ascii: boolean;
  readonly width: number;
}

interface Page extends WatchContext {
  readonly paint: Paint;
}

/** How a watch stands, for people: the verdict first, then its lines, what was found, the curves. */
export function watchText(picture: WatchPicture, context: WatchContext): string {
  const page = { ...context, width: Math.max(60, context.width), paint: painter(context.colour) };
  const blocks = [
    headLines(picture, page),
    ...(picture.looks.taken > 0 || picture.watch.state === "closed"
      ? [
          picture.closing.lines.flatMap((line) => passLine(line, page)),
          foundLines(picture, page),
          noteLines(picture, page),
          curveLines(picture.curves, page),
          unseenLines(picture.closing.unseen, page),
        ]
      : []),
  ];
  const text = blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
  return `${text}\n`;
}

const moods = {
  healthy: "healthy",
  "healthy-with-notes": "healthy",
  unknown: "unknown",
  "not-healthy": "findings",
} as const satisfies Record<WatchVerdict, Parameters<Paint["verdict"]>[0]>;

function headLines(picture: WatchPicture, { paint, width }: Page): readonly string[] {
  const { watch, closing } = picture;
  const { verdict } = closing;
  const isJudged = picture.looks.taken > 0 || watch.state === "closed";
  const soFar = watch.state === "open" ? " so far" : "";
  const name = `${sayTarget(watch.target)}: ${watch.deploy ?? "a deployment"}`;
  const head = printable(isJudged ? `${name}: ${sayVerdict[verdict]}${soFar}` : name);
  return [
    ...wrap(head, width).map((line) => paint.verdict(isJudged ? moods[verdict] : "unknown", line)),
    ...wrap(printable(stateWords(picture)), width).map(paint.dim),
    ...wrap(looksWords(picture), width).map(paint.dim),
  ];
}

const ofMark = { PASS: "healthy", FAIL: "findings", "????": "unknown" } as const;

function passLine({ mark, area, text }: PassLine, { paint, width }: Page): readonly string[] {
  const head = `[${mark}] `;
  const [first = "", ...rest] = hang(head, printable(`${area}: ${text}`), width);
  return [`${paint.verdict(ofMark[mark], head.trimEnd())} ${first.slice(head.length)}`, ...rest];
}

/** A screen is not a report: what came and went beyond these is in `--format json`. */
const mostShown = 12;

function foundLines({ closing: { found }, watch }: WatchPicture, page: Page): readonly string[] {
  if (found.length === 0) return [];
  const { paint, width } = page;
  const more = found.length - mostShown;
  return [
    paint.strong("FOUND"),
    ...found.slice(0, mostShown).flatMap((story) => {
      const { severity, summary, fingerprint, check } = story;
      const head = `  ${severity}  `;
      const words = printable(`${summary} [${fingerprint.slice(0, 8)}]`);
      const [first = "", ...rest] = hang(head, words, width);
      return [
        `  ${paint.severity(severity, severity)}${first.slice(2 + severity.length)}`,
        ...rest,
        ...hang("    ", `${check}, ${storyTimes(story, showsSeconds(watch))}`, width).map(
          paint.dim,
        ),
      ];
    }),
    ...(more > 0 ? [`  and ${more} more: --format json`] : []),
  ];
}

function noteLines(picture: WatchPicture, { paint, width }: Page): readonly string[] {
  const notes = noteWords(picture);
  if (notes.length === 0) return [];
  const shown = notes.slice(0, mostShown).flatMap((note) => hang("  ", printable(note), width));
  const more = notes.length - mostShown;
  return [paint.strong("NOTES"), ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** More than these are in `--format json`. */
const mostCurves = 24;

/** `statement 7098460~: calls a minute`: a queryid has up to twenty digits. */
const shortName = (name: string): string => name.replace(/(-?\d{7})\d{5,}/, "$1~");

function curveLines(all: readonly Curve[], { paint, width, ascii }: Page): readonly string[] {
  const curves = all
    .slice(0, mostCurves)
    .map((curve) => ({ ...curve, name: shortName(curve.name) }));
  if (curves.length === 0) return [];
  const left = Math.min(40, Math.max(...curves.map(({ name }) => columns(name))));
  const room = Math.max(10, Math.min(60, width - left - 36));
  return [
    paint.strong("NUMBERS"),
    ...curves.flatMap(({ name, unit, points }) => {
      const range = rangeOf(points);
      if (range === undefined) return [];
      const { least, most, last } = range;
      const shown = printable(name);
      const label = padded(shown.length > left ? `${shown.slice(0, left - 1)}~` : shown, left);
      const drawn = padded(sparkline(points, room, ascii), Math.min(room, points.length));
      const words =
        least === most
          ? sayValue(most, unit)
          : `${sayValue(last, unit)} (${sayValue(least, unit)} to ${sayValue(most, unit)})`;
      return [`  ${label}  ${drawn}  ${paint.dim(words)}`];
    }),
  ];
}

function unseenLines(unseen: readonly Unseen[], { paint, width }: Page): readonly string[] {
  if (unseen.length === 0) return [];
  return [
    paint.strong("NOT SEEN"),
    ...unseenTogether(unseen).flatMap(({ words, cure, checks }) => [
      ...hang("  ", printable(words), width),
      ...(checks.length > 1 ? hang("    ", checks.join(", "), width) : []),
      ...(cure === undefined || cure === "" ? [] : hang("    ", printable(cure), width)),
    ]),
  ];
}

import { count, sayDuration, sayShare, saySize, sayTime } from "../core/units.ts";
import {
  type Curve,
  missedIn,
  type Story,
  type Unseen,
  type Watch,
  type WatchPicture,
} from "../core/watch.ts";

/** Looks that are less than a minute apart are told by their seconds. */
export const showsSeconds = ({ phases }: Pick<Watch, "phases">): boolean =>
  phases.some(({ every }) => every < 60);

/** A value in the unit of its curve. */
export function sayValue(value: number, unit: Curve["unit"]): string {
  if (unit === "bytes") return saySize(value);
  if (unit === "bytes per second") return `${saySize(value)}/s`;
  if (unit === "seconds") return value > 0 && value < 1 ? "under 1 s" : sayDuration(value);
  if (unit === "share") return sayShare(value);
  const figures = value >= 100 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : 3;
  const number = value.toLocaleString("en-US", { maximumFractionDigits: figures });
  return unit === "per second" ? `${number}/s` : number;
}

const endings = {
  over: "ended",
  stopped: "was stopped",
  superseded: "was superseded by the next",
  "never-started": "was prepared, and nothing was deployed",
} as const;

/** How far it is: `under watch since …`, `ended …`. */
export function stateWords({ watch, until }: WatchPicture): string {
  const { state, openedAt = "", preparedAt = "", closing } = watch;
  const say = (at: string) => sayTime(at, showsSeconds(watch));
  if (closing !== undefined) {
    const who = closing.by === undefined ? "" : ` by ${closing.by}`;
    const why = closing.why === undefined ? "" : `: ${closing.why}`;
    return `the watch ${endings[closing.because]} ${say(closing.at)}${who}${why}`;
  }
  if (state === "prepared") return `prepared ${say(preparedAt)}, not yet deployed`;
  const end = until === undefined ? "" : ` until ${say(until)}`;
  return `under watch since ${say(openedAt)}${end}`;
}

export function looksWords({ looks, nextAt, closing, watch }: WatchPicture): string {
  if (watch.state === "prepared") {
    return watch.baseline === undefined
      ? "no baseline yet"
      : `baseline of ${sayTime(watch.baseline.at)}`;
  }
  const missed = missedIn(closing.gaps);
  return [
    `${looks.taken} of ${looks.planned} looks taken`,
    ...(missed > 0 ? [`${missed} missed`] : []),
    ...(watch.state === "open" && nextAt !== undefined
      ? [`next ${sayTime(nextAt, showsSeconds(watch))}`]
      : []),
  ].join(", ");
}

/** `12:05 to 12:20, 3 looks`, `since 12:05`. */
export function storyTimes(
  { foundAt, endedAt, looks, returns }: Story,
  withSeconds: boolean,
): string {
  const from = sayTime(foundAt, withSeconds);
  const times =
    endedAt === undefined ? `since ${from}` : `${from} to ${sayTime(endedAt, withSeconds)}`;
  const again = returns > 0 ? `, came again ${returns === 1 ? "once" : `${returns} times`}` : "";
  return `${times}, ${count(looks, "look")}${again}`;
}

/** What there is beside findings: those not kept, gaps, then what became of the server. */
export function noteWords({ closing: { gaps, events }, watch }: WatchPicture): readonly string[] {
  const say = (at: string) => sayTime(at, showsSeconds(watch));
  return [
    ...(watch.untold === 0
      ? []
      : [
          `${count(watch.untold, "more finding")} at least, none worse than those told: see the runs`,
        ]),
    ...gaps.map(
      ({ from, until, looks }) => `${say(from)} to ${say(until)}: ${count(looks, "look")} missed`,
    ),
    ...events.map(({ at, text }) => `${say(at)}: ${text}`),
  ];
}

/** Checks that could not see for one reason, for as long, are told together. */
export function unseenTogether(unseen: readonly Unseen[]) {
  const groups = Map.groupBy(unseen, ({ reason, blind, asked, cure }) =>
    JSON.stringify([reason, blind, asked, cure]),
  );
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { blind, asked, reason, cure } = first;
    const checks = alike.map(({ check }) => check);
    const who = checks.length === 1 ? checks.join() : count(checks.length, "check");
    const when = blind === asked ? "never seen" : `not seen at ${blind} of ${count(asked, "look")}`;
    return [{ words: `${who}: ${when}: ${reason}`, cure, checks }];
  });
}

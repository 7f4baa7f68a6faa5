import { isAtLeast } from "../core/severity.ts";
import { type Closing, missedIn, type Watch, type WatchVerdict } from "../core/watch.ts";
import { gapsOf } from "./due.ts";
import { eventsOf } from "./events.ts";
import { type Facts, isOpen, linesOf } from "./lines.ts";
import { isSeenAtLast, storiesOf, unseenOf } from "./story.ts";

export type Ending = Pick<Closing, "because" | "by" | "why">;

/** How a watch stands at a moment: what it would end with, or does. */
export function closingAt(watch: Watch, now: Date, { because, by, why }: Ending): Closing {
  const stories = storiesOf(watch);
  const unseen = unseenOf(watch);
  const gaps = gapsOf(watch, now);
  const facts = { stories, unseen, gaps };
  return {
    at: now.toISOString(),
    because,
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
    verdict: verdictOf(watch, facts),
    lines: [...linesOf(watch, facts)],
    found: [...stories],
    unseen: [...unseen],
    gaps: [...gaps],
    events: [...eventsOf(watch)],
  };
}

/**
 * What lasts comes first; then what nobody knows; only then may it be called healthy. Notices are
 * allowed, as in the verdict of a run. A watch that missed half of its looks knows nothing.
 */
function verdictOf(watch: Watch, { stories, unseen, gaps }: Facts): WatchVerdict {
  if (stories.some(isOpen)) return "not-healthy";
  const missed = missedIn(gaps);
  const isBlind = watch.checks.some((check) => isSeenAtLast(watch, check) === false);
  if (isBlind || missed >= watch.looks.length) return "unknown";
  const hasEnded = stories.some(({ severity }) => isAtLeast(severity, "warning"));
  const isPatchy = missed > 0 || unseen.length > 0;
  return hasEnded || isPatchy ? "healthy-with-notes" : "healthy";
}

/** The watch with its end. One that is closed stays as it is. */
export function closed(
  watch: Watch,
  now: Date,
  ending: Ending,
  outcome?: Closing["outcome"],
): Watch {
  if (watch.state === "closed") return watch;
  const closing = closingAt(watch, now, ending);
  return {
    ...watch,
    state: "closed",
    closing: { ...closing, ...(outcome === undefined ? {} : { outcome }) },
  };
}

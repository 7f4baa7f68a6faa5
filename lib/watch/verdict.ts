import { isAtLeast } from "../core/severity.ts";
import type { Closing, Gap, Story, Unseen, Watch, WatchVerdict } from "../core/watch.ts";
import { gapsOf } from "./due.ts";
import { eventsOf } from "./events.ts";
import { isOpen, linesOf } from "./lines.ts";
import { isSeenAtLast, storiesOf, unseenOf } from "./story.ts";

export type Ending = Pick<Closing, "because" | "by" | "why">;

/** How a watch stands at a moment: what it would end with, or does. */
export function closingAt(watch: Watch, now: Date, { because, by, why }: Ending): Closing {
  const stories = storiesOf(watch);
  const unseen = unseenOf(watch);
  const gaps = gapsOf(watch, now);
  const events = eventsOf(watch);
  return {
    at: now.toISOString(),
    because,
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
    verdict: verdictOf(watch, { stories, unseen, gaps }),
    lines: [...linesOf(watch, { stories, unseen, gaps })],
    found: [...stories],
    unseen: [...unseen],
    gaps: [...gaps],
    events: [...events],
  };
}

interface Facts {
  readonly stories: readonly Story[];
  readonly unseen: readonly Unseen[];
  readonly gaps: readonly Gap[];
}

/**
 * What lasts comes first; then what nobody knows; only then may it be called healthy. Notices are
 * allowed, as in the verdict of a run. A watch that missed half of its looks knows nothing.
 */
function verdictOf(watch: Watch, { stories, unseen, gaps }: Facts): WatchVerdict {
  if (stories.some(isOpen)) return "not-healthy";
  const missed = gaps.reduce((sum, gap) => sum + gap.looks, 0);
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

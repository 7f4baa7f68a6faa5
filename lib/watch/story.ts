import { rank } from "../core/severity.ts";
import { type Look, lookStates, type Story, type Unseen, type Watch } from "../core/watch.ts";

/** How a check ended at a look; `.` where it was not asked. */
const stateAt = (watch: Pick<Watch, "checks">, look: Look, check: string): string =>
  look.states[watch.checks.indexOf(check)] ?? lookStates.notAsked;

/** Did it see all there was to see? Only such a look ends a finding. */
const sawAll = (state: string): boolean =>
  state === lookStates.passed || state === lookStates.found;

const isAsked = (state: string): boolean =>
  state !== lookStates.notAsked && state !== lookStates.notApplicable;

/** Every finding with its times: those that last first, then the worst, then the oldest. */
export function storiesOf(watch: Watch): readonly Story[] {
  return Object.entries(watch.seen)
    .map(([fingerprint, seen]): Story => {
      const { check, object, at } = seen;
      const looks = watch.looks.map((look) => ({
        at: look.at,
        isFound: look.found.includes(fingerprint),
        isClear: sawAll(stateAt(watch, look, check)) && !look.found.includes(fingerprint),
      }));
      const found = looks.filter(({ isFound }) => isFound);
      const lastAt = found.at(-1)?.at ?? at;
      const cleared = looks.find((look) => look.at > lastAt && look.isClear)?.at;
      const foundAt = found[0]?.at ?? at;
      const endedAt = toldOnce.has(check)
        ? endOfChange(watch, { foundAt, lastAt, cleared })
        : cleared;
      // What lasts is told as it is, what is over as it was at its worst.
      const { severity, summary } = endedAt === undefined ? seen : seen.peak;
      return {
        fingerprint,
        check,
        identity: object.identity,
        severity,
        summary,
        foundAt,
        lastAt,
        ...(endedAt === undefined ? {} : { endedAt }),
        looks: found.length,
        returns: returnsIn(looks),
      };
    })
    .sort(
      (a, b) =>
        Number(a.endedAt !== undefined) - Number(b.endedAt !== undefined) ||
        rank(b.severity) - rank(a.severity) ||
        (a.foundAt < b.foundAt ? -1 : a.foundAt > b.foundAt ? 1 : 0),
    );
}

const toldOnce = new Set(["schema/drift-from-last"]);

interface Change {
  readonly foundAt: string;
  readonly lastAt: string;
  readonly cleared: string | undefined;
}

/**
 * What changed since the last look is told once, and lasts: that the next look does not tell it
 * again is no end, unless the schema is by now what it was before, or is held against a seal.
 */
function endOfChange(watch: Watch, { foundAt, lastAt, cleared }: Change): string | undefined {
  if (isSeenAtLast(watch, "schema/drift-from-baseline") !== undefined) return cleared;
  const read = watch.looks.filter(({ checksum }) => checksum !== undefined);
  const before = read.findLast(({ at }) => at < foundAt)?.checksum ?? watch.baseline?.checksum;
  const isUndone = before !== undefined && before === read.at(-1)?.checksum;
  return isUndone ? (cleared ?? lastAt) : undefined;
}

function returnsIn(looks: readonly { readonly isFound: boolean; readonly isClear: boolean }[]) {
  let returns = 0;
  let hasEnded = false;
  let wasFound = false;
  for (const { isFound, isClear } of looks) {
    if (isFound && hasEnded) returns += 1;
    if (isFound) [wasFound, hasEnded] = [true, false];
    if (isClear && wasFound) hasEnded = true;
  }
  return returns;
}

/** Checks that once could not see all. `seenAt` is the last look that did, whatever came since. */
export function unseenOf(watch: Watch): readonly Unseen[] {
  return watch.checks.flatMap((check): Unseen[] => {
    if (isSeenAtLast(watch, check) === undefined) return [];
    const asked = watch.looks.filter((look) => isAsked(stateAt(watch, look, check)));
    const seen = asked.filter((look) => sawAll(stateAt(watch, look, check)));
    if (asked.length === seen.length) return [];
    const { reason = "", cure } = watch.blind[check] ?? {};
    const seenAt = seen.at(-1)?.at;
    return [
      {
        check,
        reason,
        ...(cure === undefined ? {} : { cure }),
        blind: asked.length - seen.length,
        asked: asked.length,
        ...(seenAt === undefined ? {} : { seenAt }),
      },
    ];
  });
}

/**
 * Was all seen when it was last asked? Nothing where it never was, or where it says nothing here,
 * whether or not somebody answered each time.
 */
export function isSeenAtLast(watch: Watch, check: string): boolean | undefined {
  const states = watch.looks.map((look) => stateAt(watch, look, check));
  const last = states.findLast((state) => state !== lookStates.notAsked);
  return last === undefined || last === lookStates.notApplicable ? undefined : sawAll(last);
}

import * as z from "zod";
import { partsOf } from "./attribution.ts";
import type { Difference } from "./diff.ts";

/** Parts of differences that were there while no migration was pending. */
export const unexplainedSchema = z.object({
  /** At one look of the reference: its snapshot may hold what its migrations did not tell yet. */
  once: z.object({ at: z.string(), parts: z.array(z.string()) }).nullable(),
  /** At two of them: no migration that comes later explains it. */
  sure: z.array(z.string()),
});
type Unexplained = z.infer<typeof unexplainedSchema>;

/**
 * What of this look to remember.
 *
 * @param at when the reference was looked at
 * @param pending are there migrations on one side alone? undefined where nobody can tell
 */
export function stillUnexplained(
  differences: readonly Difference[],
  { at, pending }: { readonly at: string; readonly pending: boolean | undefined },
  { once, sure }: Unexplained = { once: null, sure: [] },
): Unexplained {
  const there = [...new Set(differences.flatMap(partsOf))];
  const known = new Set(sure);
  if (pending !== false) {
    return {
      once: pending === undefined ? once : null,
      sure: there.filter((part) => known.has(part)),
    };
  }
  const isAnotherLook = once !== null && once.at !== at;
  for (const part of isAnotherLook ? once.parts : []) known.add(part);
  return {
    sure: there.filter((part) => known.has(part)),
    once: {
      at: isAnotherLook ? at : (once?.at ?? at),
      parts: there.filter((part) => !known.has(part)),
    },
  };
}

/** Was it there while no migration was pending? Then one that is pending now did not make it. */
export const isOlder = (difference: Difference, { sure }: Unexplained): boolean =>
  partsOf(difference).some((part) => sure.includes(part));

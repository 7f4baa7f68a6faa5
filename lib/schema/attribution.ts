import * as z from "zod";
import { type Movement, trackerHeadSchema } from "../core/migrations.ts";
import type { Comparison } from "./comparison.ts";
import type { Difference } from "./diff.ts";
import { type Explanation, explain, explanationSchema } from "./explained.ts";
import { sha256 } from "./hash.ts";

type Compared = Extract<Comparison, { readonly state: "compared" }>;

/** What a check remembers of who made which difference from the same seal. */
const attributedSchema = z.object({
  of: z.string(),
  /** Where the migration tools stood at the last look that left no question open. */
  migrations: z.array(trackerHeadSchema),
  settled: z.array(z.object({ explanation: explanationSchema, parts: z.array(z.string()) })),
});
type Attributed = z.infer<typeof attributedSchema>;

export interface Attribution {
  readonly of: (difference: Difference) => Explanation;
  /** What of it was made by hand, where a migration made the rest: `column public.t.c added`. */
  readonly byHandBeside: (difference: Difference) => readonly string[];
  /** Absent where nothing is settled yet. */
  readonly memory?: Attributed;
}

/**
 * Who made each difference: whoever was at work between the look that saw it first and the look
 * before that. So a change is no longer explained by a migration that had ended before an earlier
 * look did not find it yet, and what was once seen as made by hand stays so. Within one such time
 * nobody can tell a hand from a migration.
 */
export function attribute(comparison: Compared, memory: unknown): Attribution {
  const { live, differences, against, tenants = [] } = comparison;
  const now = comparison.trackers ?? live.trackers;
  const of = sha256(JSON.stringify([against.checksum, against.at, tenants])).slice(0, 16);
  const { data } = attributedSchema.safeParse(memory);
  const known = data?.of === of ? data : undefined;
  const fresh = known ? explain(known.migrations, now) : comparison.explanation;
  const settled = new Map(
    known?.settled.flatMap(({ explanation, parts }) => parts.map((part) => [part, explanation])),
  );
  const explanationOf = ({ key }: Part): Explanation => {
    const then = settled.get(key);
    // What was taken back explains nothing any more.
    return then?.by === "migrations" && isUndone(comparison.explanation)
      ? comparison.explanation
      : (then ?? fresh);
  };

  // What was locked may have been changed by anybody, what is in flight by it until it ends.
  const isOpen = live.unread.length > 0 || now.unread !== undefined || isUnfinished(fresh);
  const parts = differences.flatMap((one) => [...ownParts(one), ...otherParts(one)]);
  const groups = Map.groupBy(isOpen ? parts.filter(({ key }) => settled.has(key)) : parts, (part) =>
    JSON.stringify(explanationOf(part)),
  );
  return {
    of: (difference) => together(ownParts(difference).map(explanationOf)),
    byHandBeside: (difference) =>
      otherParts(difference).flatMap((part) =>
        explanationOf(part).by === "nobody" ? [part.says] : [],
      ),
    ...(isOpen && known === undefined
      ? {}
      : {
          memory: {
            of,
            migrations: isOpen && known ? known.migrations : live.trackers.heads,
            settled: [...groups.values()].flatMap((some) => {
              const [first] = some;
              if (first === undefined) return [];
              return [{ explanation: explanationOf(first), parts: some.map(({ key }) => key) }];
            }),
          },
        }),
  };
}

const isUnfinished = (explanation: Explanation): boolean =>
  explanation.by === "dirty" ||
  (explanation.by === "migrations" && explanation.movement.inFlight.length > 0);

const isUndone = (explanation: Explanation): boolean =>
  explanation.by === "nobody" ||
  (explanation.by === "migrations" && explanation.movement.isRewritten);

interface Part {
  readonly key: string;
  readonly says: string;
}

const part = (says: string, ...more: readonly unknown[]): Part => ({
  says,
  key: sha256(JSON.stringify([says, ...more])).slice(0, 16),
});

/** Keys of what a difference says of its object: each may have been made by somebody else. */
export const partsOf = (difference: Difference): readonly string[] =>
  ownParts(difference).map(({ key }) => key);

function ownParts({ change, kind, identity, attributes }: Difference): readonly Part[] {
  const says = `${kind} ${identity} ${change}`;
  return attributes.length === 0
    ? [part(says)]
    : attributes.map(({ facet, attribute: name, before, after }) =>
        part(says, facet, name, before, after),
      );
}

const otherParts = ({ consequences }: Difference): readonly Part[] =>
  consequences.map(({ change, kind, identity }) => part(`${kind} ${identity} ${change}`));

/** By hand, if any of it was; else the least certain; else all the migrations that took part. */
function together(explanations: readonly Explanation[]): Explanation {
  const by = (who: Explanation["by"]) => explanations.find((one) => one.by === who);
  const least = by("nobody") ?? by("unknown") ?? by("dirty");
  const movements = explanations.flatMap((one) => (one.by === "migrations" ? [one.movement] : []));
  const all = (names: (movement: Movement) => readonly string[]) => [
    ...new Set(movements.flatMap(names)),
  ];
  return (
    least ?? {
      by: "migrations",
      movement: {
        migrations: all(({ migrations }) => migrations),
        inFlight: all(({ inFlight }) => inFlight),
        dirty: all(({ dirty }) => dirty),
        isRewritten: movements.some(({ isRewritten }) => isRewritten),
      },
    }
  );
}

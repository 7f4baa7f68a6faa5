import * as z from "zod";
import { procedure } from "../../core/read.ts";
import { attribute } from "../../schema/attribution.ts";
import type { Comparison } from "../../schema/comparison.ts";
import type { Difference } from "../../schema/diff.ts";
import { keyOf } from "../../schema/fact.ts";
import { againstBaseline } from "./against-baseline.ts";
import { againstLast } from "./against-last.ts";

/** The check that remembers who made which difference from the baseline. */
const remembersSeal = "schema/drift-from-baseline";

/** Keys of the differences that this run tells already, as differences from the baseline. */
export const toldOfBaseline = procedure({
  id: "schema-told-of-baseline",
  result: z.array(z.string()),
  async run(context) {
    const sealed = await context.answered(againstBaseline);
    const last = await context.read(againstLast);
    if (sealed?.state !== "compared" || last.state !== "compared") return [];
    return sameIn(sealed, last, context.past(remembersSeal)?.memory);
  },
});

type Compared = Extract<Comparison, { readonly state: "compared" }>;

function sameIn(sealed: Compared, last: Compared, memory: unknown): string[] {
  const attribution = attribute(sealed, memory);
  const told = new Set(
    sealed.differences
      // What a migration explains there, and none explains here, is worth its own words.
      .filter(
        (one) => attribution.of(one).by !== "migrations" || last.explanation.by === "migrations",
      )
      .map(allOf),
  );
  return last.differences.filter((one) => told.has(allOf(one))).map(keyOf);
}

const allOf = ({ change, kind, identity, before, after }: Difference): string =>
  JSON.stringify([change, kind, identity, before, after]);

import type { Example } from "../../core/check.ts";
import type { Blindness } from "../../core/outcome.ts";
import type { Severity } from "../../core/severity.ts";
import type { Comparison } from "../../schema/comparison.ts";
import type { Difference } from "../../schema/diff.ts";
import type { Explanation } from "../../schema/explained.ts";

const live = {
  checksum: `sha256:${"9c".repeat(32)}`,
  canonical: 1,
  takenAt: "2026-11-20T03:00:00.000Z",
  objects: 1204,
  unread: [],
  unmodelled: {},
  systemIdentifier: "7301122334455667788",
  trackers: { heads: [] },
};
const target = "production/orders";

const index = {
  kind: "index",
  identity: "public.orders_total_idx",
  schema: "public",
  name: "orders_total_idx",
  table: "orders",
  partOf: ["table public.orders"],
  facets: {
    structure: { definition: "CREATE INDEX orders_total_idx ON public.orders USING btree (total)" },
  },
};

const addedIndex: Difference = {
  change: "added",
  kind: index.kind,
  identity: index.identity,
  before: null,
  after: index,
  attributes: [],
  consequences: [],
};

const invalidIndex: Difference = {
  ...addedIndex,
  change: "changed",
  before: index,
  after: { ...index, facets: { ...index.facets, validity: { invalid: true } } },
  attributes: [{ facet: "validity", attribute: "invalid", before: null, after: true }],
};

/** Of both checks: they differ in what the schema is held against, not in what a difference is. */
export function driftExamples(of: {
  readonly nothingThere: Blindness["cause"];
  readonly against: { readonly by?: string; readonly why?: string };
}): readonly Example<{ readonly comparison: Comparison }, { readonly severity?: Severity }>[] {
  const against = {
    checksum: `sha256:${"41".repeat(32)}`,
    canonical: 1,
    at: "2026-11-19T03:00:00.000Z",
    ...of.against,
  };
  const compared = (
    differences: Difference[],
    about: object = {},
    explanation: Explanation = { by: "nobody" },
  ) => ({
    comparison: {
      state: "compared" as const,
      target,
      live: { ...live, ...about },
      against,
      differences,
      apart: [],
      explanation,
    },
  });
  return [
    { name: "the same schema", evidence: compared([]), finds: [] },
    {
      name: "an index more",
      evidence: compared([addedIndex]),
      finds: ["warning public.orders_total_idx"],
    },
    {
      name: "an index more, and migrations 41 and 42 in between",
      evidence: compared(
        [addedIndex],
        {},
        {
          by: "migrations",
          movement: { migrations: ["41", "42"], inFlight: [], dirty: [], isRewritten: false },
        },
      ),
      finds: ["notice public.orders_total_idx"],
    },
    {
      name: "an index more, where no migration tool is known",
      evidence: compared(
        [addedIndex],
        {},
        {
          by: "unknown",
          reason: "no migration tool is known here",
        },
      ),
      finds: ["warning public.orders_total_idx"],
    },
    {
      name: "an index that has become invalid, where drift is an emergency",
      evidence: compared([invalidIndex]),
      options: { severity: "critical" },
      finds: ["critical public.orders_total_idx"],
    },
    {
      name: "an index more, where schemas change all day",
      evidence: compared([addedIndex]),
      options: { severity: "notice" },
      finds: ["notice public.orders_total_idx"],
    },
    {
      name: "a table that an ALTER holds: nothing is said of it",
      evidence: compared([], {
        unread: [{ kind: "table", identity: "public.orders", cause: "lock" as const }],
      }),
      finds: [],
      blind: "lock",
    },
    {
      name: "nothing to hold it against",
      evidence: { comparison: { state: "nothing-there", target, live } },
      finds: [],
      blind: of.nothingThere,
    },
    {
      name: "a migration that runs while we look",
      evidence: {
        comparison: { state: "changing", target, reason: "the schema is changing" },
      },
      finds: [],
      blind: "error",
    },
  ];
}

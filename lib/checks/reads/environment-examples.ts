import type * as z from "zod";
import type { Example } from "../../core/check.ts";
import type { TrackerHead } from "../../core/migrations.ts";
import type { Severity } from "../../core/severity.ts";
import type { Comparison } from "../../schema/comparison.ts";
import type { againstReference } from "./against-reference.ts";
import { driftExamples } from "./drift-examples.ts";

type Evidence = { readonly held: z.infer<(typeof againstReference)["result"]> };

const reference = "staging/orders";

const isOfMigrations = (comparison: Comparison): boolean =>
  comparison.state === "compared" && comparison.explanation.by === "migrations";

/** What differs is the same as elsewhere; who made it is asked of both sides' trackers. */
const ofAnyDrift = driftExamples({ nothingThere: "not-applicable", against: {} })
  .filter(({ evidence }) => !isOfMigrations(evidence.comparison))
  .map(({ evidence: { comparison }, ...example }) => ({
    ...example,
    evidence: { held: { reference, comparison } },
  }));

const oneIndexMore = ofAnyDrift.find(({ name }) => name === "an index more")?.evidence.held
  .comparison;

const flywayAt = (...versions: readonly string[]): TrackerHead => ({
  tool: "Flyway",
  table: "public.flyway_schema_history",
  keepsHistory: true,
  applied: versions.length,
  digest: null,
  newest: versions.map((version) => ({ version, since: null })),
  inFlight: [],
});

function oneMigrationMore(): Evidence {
  if (oneIndexMore?.state !== "compared") throw new Error("no example of an index more");
  const { live, against } = oneIndexMore;
  const comparison = {
    ...oneIndexMore,
    live: { ...live, trackers: { heads: [flywayAt("41", "42")] } },
    against: { ...against, migrations: [flywayAt("41")] },
  };
  return { held: { reference, comparison } };
}

export const environmentExamples: readonly Example<Evidence, { severity?: Severity }>[] = [
  ...ofAnyDrift,
  {
    name: "an index more, of migration 42, that the reference does not have yet",
    evidence: oneMigrationMore(),
    finds: ["notice production/orders and staging/orders"],
  },
  {
    name: "the same, for longer than two weeks",
    evidence: oneMigrationMore(),
    previous: {
      at: "2026-11-19T03:00:00.000Z",
      memory: { pending: { "42": "2026-11-01T03:00:00.000Z" } },
    },
    finds: ["warning production/orders and staging/orders"],
  },
  {
    name: "the reference was looked at last ten days ago",
    evidence: { held: { reference, comparison: oneIndexMore ?? null } },
    now: "2026-11-29T03:00:00Z",
    finds: [],
    blind: "error",
  },
  {
    name: "this is the reference",
    evidence: { held: { reference: null, comparison: null } },
    finds: [],
    blind: "not-applicable",
  },
];

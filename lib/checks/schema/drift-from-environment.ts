import * as z from "zod";
import { defineCheck, type Judgement } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { notIn } from "../../core/migrations.ts";
import { type Severity, severitySchema } from "../../core/severity.ts";
import { sayFlags, type Typed } from "../../core/target.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import type { Comparison } from "../../schema/comparison.ts";
import { tellElsewhere } from "../../schema/elsewhere.ts";
import { facetNameSchema, facetNames } from "../../schema/fact.ts";
import { blindnessOf, scopeOf, withoutComparison } from "../../schema/judgement.ts";
import { isOlder, stillUnexplained, unexplainedSchema } from "../../schema/unexplained.ts";
import { againstReference, usualFacets } from "../reads/against-reference.ts";
import { tenantsOption } from "../reads/drift-options.ts";
import { environmentExamples } from "../reads/environment-examples.ts";

const remembered = z.object({
  /** Since when each migration is on one side alone. */
  pending: z.record(z.string(), z.string()),
  unexplained: unexplainedSchema.optional(),
});

type Compared = Extract<Comparison, { readonly state: "compared" }>;

export const schemaDriftFromEnvironment = defineCheck({
  id: "schema/drift-from-environment",
  title: "The schema is the one of the reference environment",
  failureTitle: "The schema is not the one of the reference environment",
  why: "What was tested in one environment says little of another one that has a different schema.",
  source: "https://www.postgresql.org/docs/current/catalogs.html",
  options: z.object({
    severity: severitySchema
      .default("warning")
      .describe("Of what pending migrations do not explain"),
    maxAge: duration
      .prefault("7d")
      .describe("How old the reference's newest snapshot may be; an older one says nothing"),
    patience: duration
      .prefault("14d")
      .describe("How long migrations may be pending before that is a warning"),
    facets: z.array(facetNameSchema).default(usualFacets).describe("Which parts are compared"),
    tenants: tenantsOption,
  }),
  profiles: ["nightly"],
  needs: { store: true },
  reads: { held: againstReference },

  judge({ held: { reference, comparison } }, options, { now, previous }): Judgement {
    if (reference === null || comparison === null) return notApplicable(noReference);
    if (comparison.state === "nothing-there") {
      return notApplicable(
        `nobody looked at the schema of ${reference} yet`,
        lookAt(reference, comparison),
      );
    }
    if (comparison.state !== "compared") return withoutComparison(comparison);
    const { live, against, differences, apart } = comparison;
    const age = (now.getTime() - Date.parse(against.at)) / 1000;
    const left = facetNames.filter((name) => !options.facets.includes(name));
    const scope = [
      scopeOf(live),
      `held against ${reference} as it was ${sayDuration(age)} ago`,
      ...(left.length > 0 ? [`${left.join(", ")} left out`] : []),
      ...apart,
      ...(differences.length > 0 ? notKnown(comparison, reference) : []),
    ].join("; ");
    if (age > options.maxAge) {
      const reason = `the newest snapshot of ${reference} is ${sayDuration(age)} old`;
      return {
        scope,
        findings: [],
        blind: { cause: "error", reason, cure: lookAt(reference, comparison) },
      };
    }
    const pending = pendingOf(comparison);
    const before = remembered.safeParse(previous?.memory).data;
    const isExplained = pending.here.length + pending.there.length > 0;
    const state = { at: against.at, pending: isKnown(comparison) ? isExplained : undefined };
    const memory = {
      pending: sinceWhen(pending, before?.pending, now),
      unexplained: stillUnexplained(differences, state, before?.unexplained),
    };
    const [told, others] = isExplained
      ? partition(differences, (one) => isOlder(one, memory.unexplained))
      : [differences, []];
    const { severity } = options;
    const findings = [
      ...told.map((one) => tellElsewhere(one, { severity, there: reference })),
      ...explained(
        { ...comparison, differences: others },
        reference,
        pending,
        isOverdue(memory.pending, options.patience, now),
      ),
    ];
    return { scope, findings, blind: blindnessOf(live, comparison.unparsed), memory };
  },

  examples: environmentExamples,
});

const noReference =
  "no reference: the configuration names none, this is it, or it has no target of this name";

const lookAt = (reference: string, { typed }: { readonly typed?: Typed | undefined }): string =>
  `pgvigil check ${sayFlags(reference, { places: typed?.places })} --only schema/drift-from-last`;

const notApplicable = (reason: string, cure?: string): Judgement => ({
  scope: "nothing to hold it against",
  findings: [],
  blind: { cause: "not-applicable", reason, ...(cure === undefined ? {} : { cure }) },
});

interface Pending {
  /** Applied here and not in the reference. */
  readonly here: readonly string[];
  readonly there: readonly string[];
}

function pendingOf({ live, against, trackers }: Compared): Pending {
  // As they were after the schema was read: a migration may have ended meanwhile.
  const { heads: here, unread } = trackers ?? live.trackers;
  const there = against.migrations;
  // Who does not know what is applied on one side cannot say what is pending.
  if (there === undefined || unread !== undefined) return { here: [], there: [] };
  return { here: notIn(here, there), there: notIn(there, here) };
}

/** Is it known which migrations are applied on both sides, and does none run? */
function isKnown({ live, against, trackers }: Compared): boolean {
  const { heads, unread } = trackers ?? live.trackers;
  const all = [...heads, ...(against.migrations ?? [])];
  return (
    unread === undefined &&
    against.migrations !== undefined &&
    all.length > 0 &&
    all.every(({ inFlight }) => inFlight.length === 0)
  );
}

/** Why it cannot be said which migrations are pending. */
function notKnown({ live, against }: Compared, reference: string): readonly string[] {
  const { heads, unread } = live.trackers;
  if (unread !== undefined) return [`migrations are not known: ${unread}`];
  if (against.migrations === undefined) return [`migrations of ${reference} are not known`];
  return heads.length + against.migrations.length > 0 ? [] : ["no migration tool is known here"];
}

function sinceWhen(
  { here, there }: Pending,
  before: Readonly<Record<string, string>> = {},
  now: Date,
) {
  const versions = [...here, ...there];
  return Object.fromEntries(versions.map((one) => [one, before[one] ?? now.toISOString()]));
}

const isOverdue = (since: Readonly<Record<string, string>>, patience: number, now: Date): boolean =>
  Object.values(since).some((at) => now.getTime() - Date.parse(at) > patience * 1000);

/** Nobody can say which of several migrations made which difference: they are told as one. */
function explained(
  { differences, target, typed }: Compared,
  reference: string,
  { here, there }: Pending,
  overdue: boolean,
): readonly FindingDraft[] {
  if (differences.length === 0) return [];
  const severity: Severity = overdue ? "warning" : "notice";
  const names = differences.map(
    ({ change, kind, identity }) => `${signs[change]} ${kind} ${identity}`,
  );
  const why = [
    ...(here.length > 0 ? [`${here.join(", ")} not applied in ${reference}`] : []),
    ...(there.length > 0 ? [`${there.join(", ")} not applied here`] : []),
  ].join("; ");
  return [
    {
      object: { kind: "environment", identity: `${target} and ${reference}` },
      severity,
      summary: `${count(differences.length, "difference")} from ${reference}, explained by migrations: ${why}`,
      detail: [
        `${names.slice(0, 10).join(", ")}${names.length > 10 ? `, and ${names.length - 10} more` : ""}.`,
        ...(overdue ? ["They have been pending for longer than two releases should take."] : []),
      ],
      evidence: { here: [...here], there: [...there], differences: names },
      remedy: {
        summary: `Apply them on both sides. pgvigil diff ${[`${reference}@last`, target, ...(typed?.places ? [typed.places] : [])].join(" ")} shows all.`,
      },
    },
  ];
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

const signs = { added: "+", removed: "-", changed: "~" } as const;

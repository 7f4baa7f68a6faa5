import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { severitySchema } from "../../core/severity.ts";
import { sayFlags, type Typed } from "../../core/target.ts";
import { attribute } from "../../schema/attribution.ts";
import { tellDifference } from "../../schema/finding.ts";
import { blindnessOf, scopeOfComparison, withoutComparison } from "../../schema/judgement.ts";
import { againstBaseline } from "../reads/against-baseline.ts";
import { driftExamples } from "../reads/drift-examples.ts";
import { tenantsOption } from "../reads/drift-options.ts";

export const schemaDriftFromBaseline = defineCheck({
  id: "schema/drift-from-baseline",
  title: "The schema is the one that was sealed",
  failureTitle: "The schema is not the one that was sealed",
  why: "What nobody approved is a change made by hand, a migration half done, or one that was not sealed.",
  source: "https://www.postgresql.org/docs/current/catalogs.html",
  options: z.object({
    severity: severitySchema
      .default("warning")
      .describe("Of a change that no migration explains; an explained one is a notice"),
    tenants: tenantsOption,
  }),
  profiles: ["nightly", "watch"],
  needs: { store: true },
  reads: { comparison: againstBaseline },

  judge({ comparison }, { severity }, { previous }) {
    if (comparison.state === "nothing-there") {
      return {
        scope: "no baseline",
        findings: [],
        blind: {
          cause: "not-applicable",
          reason: "nothing sealed yet",
          cure: sealing(comparison),
        },
      };
    }
    if (comparison.state !== "compared") return withoutComparison(comparison);
    const { live, against, differences } = comparison;
    const day = against.at.slice(0, 10);
    const attribution = attribute(comparison, previous?.memory);
    const sealed = `what ${against.by ?? "somebody"} sealed on ${day} (${against.why ?? ""})`;
    return {
      scope: scopeOfComparison(comparison, sealed),
      findings: differences.map((difference) =>
        tellDifference(difference, {
          severity,
          explanation: attribution.of(difference),
          byHandBeside: attribution.byHandBeside(difference),
          since: `since the baseline was sealed on ${day}`,
          pending: "not yet sealed",
          ifMeant: `If it is meant, approve it: ${sealing(comparison)}.`,
        }),
      ),
      blind: blindnessOf(live, comparison.unparsed),
      ...(attribution.memory === undefined ? {} : { memory: attribution.memory }),
    };
  },

  examples: driftExamples({
    nothingThere: "not-applicable",
    against: { by: "anna@example.com", why: "release 41" },
  }),
});

const sealing = ({
  target,
  typed,
}: {
  readonly target: string;
  readonly typed?: Typed | undefined;
}) => `pgvigil seal ${sayFlags(target, typed)} --why "…"`;

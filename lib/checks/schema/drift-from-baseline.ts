import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { procedure } from "../../core/read.ts";
import { severitySchema } from "../../core/severity.ts";
import { currentSeal, loadBaseline } from "../../schema/baseline.ts";
import { compare, comparisonSchema } from "../../schema/comparison.ts";
import { tellDifference } from "../../schema/finding.ts";
import { blindnessOf, scopeOf, withoutComparison } from "../../schema/judgement.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { driftExamples } from "../reads/drift-examples.ts";

const comparison = procedure({
  id: "schema-against-baseline",
  result: comparisonSchema,
  async run(context) {
    const { store, target } = context;
    if (store === undefined) throw new Error("a baseline needs a store");
    return compare(
      context,
      async () => {
        const baseline = await loadBaseline(store, target);
        return baseline && currentSeal(baseline);
      },
      (checksum) => loadSnapshot(store, checksum),
    );
  },
});

export const schemaDriftFromBaseline = defineCheck({
  id: "schema/drift-from-baseline",
  title: "The schema is the one that was sealed",
  failureTitle: "The schema is not the one that was sealed",
  why: "What nobody approved is a change made by hand, a migration half done, or one that was not sealed.",
  source: "https://www.postgresql.org/docs/current/catalogs.html",
  options: z.object({
    severity: severitySchema.default("warning").describe("of each difference"),
  }),
  profiles: ["nightly", "watch"],
  needs: { store: true },
  reads: { comparison },

  judge({ comparison }, { severity }) {
    if (comparison.state === "nothing-there") {
      return {
        scope: "no baseline",
        findings: [],
        blind: {
          cause: "not-applicable",
          reason: "nothing sealed yet",
          cure: sealing(comparison.target),
        },
      };
    }
    if (comparison.state !== "compared") return withoutComparison(comparison);
    const { live, against, differences, target } = comparison;
    const day = against.at.slice(0, 10);
    return {
      scope: `${scopeOf(live)}; held against what ${against.by ?? "somebody"} sealed on ${day} (${against.why ?? ""})`,
      findings: differences.map((difference) =>
        tellDifference(difference, {
          severity,
          since: `the baseline was sealed on ${day}`,
          ifMeant: `If it is meant, approve it: ${sealing(target)}.`,
        }),
      ),
      blind: blindnessOf(live),
    };
  },

  examples: driftExamples({
    nothingThere: "not-applicable",
    against: { by: "anna@example.com", why: "release 41" },
  }),
});

const sealing = (target: string): string => `pgvigil seal --target ${target} --why "…"`;

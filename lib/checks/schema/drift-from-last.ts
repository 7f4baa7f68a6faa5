import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { procedure, type ReadContext } from "../../core/read.ts";
import { severitySchema } from "../../core/severity.ts";
import { compare, comparisonSchema } from "../../schema/comparison.ts";
import { canonicalVersion } from "../../schema/fact.ts";
import { tellDifference } from "../../schema/finding.ts";
import { blindnessOf, scopeOf, withoutComparison } from "../../schema/judgement.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { driftExamples } from "../reads/drift-examples.ts";

const id = "schema/drift-from-last";

/** The last complete snapshot, and whose it was. */
const remembered = z.object({
  checksum: z.string(),
  canonical: z.int(),
  at: z.string(),
  systemIdentifier: z.string().nullable(),
});

const lastLook = ({ past }: ReadContext) => {
  const { data } = remembered.safeParse(past(id)?.memory);
  // A snapshot in another canonical form is no earlier state of this one.
  return data?.canonical === canonicalVersion ? data : undefined;
};

const comparison = procedure({
  id: "schema-against-last",
  result: comparisonSchema,
  async run(context) {
    const { store } = context;
    if (store === undefined) throw new Error("a last look needs a store");
    return compare(
      context,
      async () => lastLook(context),
      (checksum) => loadSnapshot(store, checksum),
    );
  },
});

export const schemaDriftFromLast = defineCheck({
  id,
  title: "The schema is the one that it was at the last look",
  failureTitle: "The schema changed since the last look",
  why: "A change between two looks is told once, with the time in which it was made.",
  source: "https://www.postgresql.org/docs/current/catalogs.html",
  options: z.object({
    severity: severitySchema.default("warning").describe("of each difference"),
  }),
  profiles: ["hourly", "nightly", "watch"],
  needs: { store: true },
  reads: { comparison },

  judge({ comparison }, { severity }, { previous }) {
    if (comparison.state === "changing") return withoutComparison(comparison);
    const { live } = comparison;
    const { checksum, canonical, takenAt: at, systemIdentifier, unread } = live;
    // What could not be read would be "added" next time: the last complete look stays the last one.
    const memory =
      unread.length > 0 ? {} : { memory: { checksum, canonical, at, systemIdentifier } };
    if (comparison.state === "unreadable") return { ...withoutComparison(comparison), ...memory };
    if (comparison.state === "nothing-there") {
      return {
        scope: `${scopeOf(live)}, first look`,
        findings: [],
        blind: blindnessOf(live) ?? { cause: "not-applicable", reason: "first look" },
        ...memory,
      };
    }
    const { against, differences } = comparison;
    const before = remembered.safeParse(previous?.memory).data?.systemIdentifier ?? null;
    const isAnother = before !== null && systemIdentifier !== null && before !== systemIdentifier;
    const time = `${against.at.slice(0, 16).replace("T", " ")} UTC`;
    return {
      scope: `${scopeOf(live)}; held against ${time}${isAnother ? ", when another server answered" : ""}`,
      findings: differences.map((difference) =>
        tellDifference(difference, {
          severity,
          since: `the last look on ${time}`,
          ifMeant: "If it is meant, there is nothing to do: the next look holds against this one.",
        }),
      ),
      blind: blindnessOf(live),
      ...memory,
    };
  },

  examples: driftExamples({ nothingThere: "not-applicable", against: {} }),
});

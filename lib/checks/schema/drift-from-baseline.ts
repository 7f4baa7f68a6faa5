import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { severitySchema } from "../../core/severity.ts";
import { sayFlags, type Typed } from "../../core/target.ts";
import type { Comparison } from "../../schema/comparison.ts";
import type { Difference } from "../../schema/diff.ts";
import { tellDifference } from "../../schema/finding.ts";
import { sha256 } from "../../schema/hash.ts";
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
    const { live, against, differences, explanation } = comparison;
    const day = against.at.slice(0, 10);
    const byHand = handmade(comparison, previous?.memory);
    const sealed = `what ${against.by ?? "somebody"} sealed on ${day} (${against.why ?? ""})`;
    return {
      scope: scopeOfComparison(comparison, sealed),
      findings: differences.map((difference) =>
        tellDifference(difference, {
          severity,
          explanation: byHand.has(signatureOf(difference)) ? { by: "nobody" } : explanation,
          since: `since the baseline was sealed on ${day}`,
          pending: "not yet sealed",
          ifMeant: `If it is meant, approve it: ${sealing(comparison)}.`,
        }),
      ),
      blind: blindnessOf(live),
      memory: { sealed: against.checksum, byHand: [...byHand] },
    };
  },

  examples: driftExamples({
    nothingThere: "not-applicable",
    against: { by: "anna@example.com", why: "release 41" },
  }),
});

/** Which differences from which seal no migration explained. */
const remembered = z.object({ sealed: z.string(), byHand: z.array(z.string()) });

const signatureOf = ({ change, kind, identity, before, after }: Difference): string =>
  sha256(JSON.stringify([change, kind, identity, before, after])).slice(0, 16);

/** What was made by hand stays so, whatever migration runs afterwards. */
function handmade(
  { against, differences, explanation }: Extract<Comparison, { readonly state: "compared" }>,
  memory: unknown,
): ReadonlySet<string> {
  const now = differences.map(signatureOf);
  if (explanation.by === "nobody") return new Set(now);
  const { data } = remembered.safeParse(memory);
  const then = new Set(data?.sealed === against.checksum ? data.byHand : []);
  return new Set(now.filter((signature) => then.has(signature)));
}

const sealing = ({
  target,
  typed,
}: {
  readonly target: string;
  readonly typed?: Typed | undefined;
}) => `pgvigil seal ${sayFlags(target, typed)} --why "…"`;

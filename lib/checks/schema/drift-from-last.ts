import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { severitySchema } from "../../core/severity.ts";
import { count, sayTime } from "../../core/units.ts";
import type { Comparison } from "../../schema/comparison.ts";
import { keyOf } from "../../schema/fact.ts";
import { tellDifference } from "../../schema/finding.ts";
import {
  blindnessOf,
  scopeOf,
  scopeOfComparison,
  withoutComparison,
} from "../../schema/judgement.ts";
import { lastLookSchema, remembersSnapshot, windowsOf } from "../../schema/last-look.ts";
import { looksWith, sayLooks } from "../../schema/looks.ts";
import type { Windows } from "../../schema/windows.ts";
import { againstLast } from "../reads/against-last.ts";
import { driftExamples } from "../reads/drift-examples.ts";
import { tenantsOption } from "../reads/drift-options.ts";
import { toldOfBaseline } from "../reads/told-of-baseline.ts";

export const schemaDriftFromLast = defineCheck({
  id: remembersSnapshot,
  title: "The schema is the one that it was at the last look",
  failureTitle: "The schema changed since the last look",
  why: "A change between two looks is told once, with the time in which it was made.",
  source: "https://www.postgresql.org/docs/current/catalogs.html",
  options: z.object({
    severity: severitySchema
      .default("warning")
      .describe("Of a change that no migration explains; an explained one is a notice"),
    tenants: tenantsOption,
  }),
  once: true,
  isRefresh: (memory, standing) => isDeepStrictEqual(timeless(memory), timeless(standing)),
  profiles: ["hourly", "nightly", "watch"],
  needs: { store: true },
  reads: { comparison: againstLast, told: toldOfBaseline },

  judge({ comparison, told }, { severity }, { previous }) {
    if (comparison.state === "changing") return withoutComparison(comparison);
    const { live } = comparison;
    // What could not be read would be "added" next time: the last complete look stays the last one.
    const looks = looksWith(previous?.memory, live);
    const windows = windowsAfter(comparison) ?? windowsOf(previous?.memory);
    const look = { ...lookOf(live), looks, ...(windows === undefined ? {} : { windows }) };
    const memory = live.unread.length > 0 ? {} : { memory: look };
    if (comparison.state === "unreadable") return { ...withoutComparison(comparison), ...memory };
    if (comparison.state === "nothing-there") {
      return {
        scope: `${scopeOf(live)}, first look`,
        findings: [],
        blind: blindnessOf(live) ?? { cause: "not-applicable", reason: "first look" },
        ...memory,
      };
    }
    const { against, differences, explanation, target } = comparison;
    const before = lastLookSchema.safeParse(previous?.memory).data?.systemIdentifier ?? null;
    const { systemIdentifier } = live;
    const isAnother = before !== null && systemIdentifier !== null && before !== systemIdentifier;
    const time = sayTime(against.at);
    const known = new Set(told);
    const fresh = differences.filter((difference) => !known.has(keyOf(difference)));
    return {
      scope: [
        scopeOfComparison(
          comparison,
          `${time}${isAnother ? ", when another server answered" : ""}`,
        ),
        ...sayLooks(looks),
      ].join("; "),
      findings: [
        ...fresh.map((difference) =>
          tellDifference(difference, {
            severity,
            explanation,
            since: `since the last look on ${time}`,
            ifMeant:
              "If it is meant, there is nothing to do: the next look holds against this one.",
          }),
        ),
        ...(known.size > 0 ? [sameAsSealed(target, known.size, time)] : []),
      ],
      blind: blindnessOf(live, comparison.unparsed),
      ...memory,
    };
  },

  examples: driftExamples({ nothingThere: "not-applicable", against: {} }).map((example) => ({
    ...example,
    evidence: { ...example.evidence, told: [] },
  })),
});

/** How often, and when last, is what every look makes new. */
function timeless(memory: unknown) {
  const { at: _, looks: __, seen, ...said } = { ...Object(memory) };
  const { at: ___, ...token } = { ...Object(seen) };
  return { ...said, seen: token };
}

type Live = Extract<Comparison, { readonly state: "compared" }>["live"];

function lookOf({ checksum, canonical, takenAt, systemIdentifier, trackers, seen }: Live) {
  const look = {
    ...{ checksum, canonical, at: takenAt, systemIdentifier },
    ...(seen === undefined ? {} : { seen }),
  };
  // A tool that could not be read would look new next time.
  return trackers.unread === undefined ? { ...look, migrations: trackers.heads } : look;
}

const windowsAfter = (comparison: Comparison): Windows | undefined =>
  comparison.state === "compared" ? comparison.windows : undefined;

/** What the baseline tells is not told twice: that it is new is. */
function sameAsSealed(target: string, n: number, time: string): FindingDraft {
  return {
    object: { kind: "schema", identity: target },
    severity: "notice",
    summary: `${count(n, "difference")} from the baseline ${n === 1 ? "is" : "are"} new since the last look on ${time}: told under schema/drift-from-baseline`,
    evidence: { differences: n },
  };
}

import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { type RuleInUse, rulesInUse } from "../../core/rules-in-use.ts";
import { severitySchema } from "../../core/severity.ts";
import { count } from "../../core/units.ts";

export const configurationIgnoreRules = defineCheck({
  id: "configuration/ignore-rules",
  title: "Every ignore rule still hides something, and none has expired",
  failureTitle: "Ignore rule that expired or hides nothing",
  why: "A rule that nobody needs any more hides the next finding that it happens to fit.",
  source: "schema/config.schema.json; https://json-schema.org/draft/2020-12",
  options: z.object({ severity: severitySchema.default("notice") }),
  profiles: ["nightly"],
  reads: { rules: rulesInUse },

  judge({ rules }, { severity }, { now }) {
    if (rules.length === 0) {
      const reason = "the configuration has no ignore rule for this target";
      return { scope: "no rules", findings: [], blind: { cause: "not-applicable", reason } };
    }
    const today = now.toISOString().slice(0, 10);
    const used = rules.filter(({ hidden }) => hidden > 0);
    const told = used.map(({ place, hidden, reason }) => `${place} ${hidden} (${reason})`);
    return {
      scope: [
        count(rules.length, "ignore rule"),
        used.length === 0 ? "nothing hidden" : `hidden: ${told.join(", ")}`,
      ].join("; "),
      findings: rules
        .filter(({ isToldHere }) => isToldHere)
        .flatMap((rule) => faultOf(rule, today) ?? [])
        .map((finding) => ({ ...finding, severity })),
    };
  },

  examples: [
    { name: "a rule that hides something", evidence: { rules: [rule({ inRun: 3 })] }, finds: [] },
    {
      name: "a rule that hides nothing",
      evidence: { rules: [rule({})] },
      finds: ["notice ignore[0]"],
    },
    {
      name: "a rule that expired",
      evidence: { rules: [rule({ until: "2026-11-19" })] },
      finds: ["notice ignore[0]"],
    },
    {
      name: "a rule that holds for a target that could not be looked at",
      evidence: { rules: [rule({ isLooked: false })] },
      finds: [],
    },
    { name: "no rules", evidence: { rules: [] }, finds: [], blind: "not-applicable" },
  ],
});

function faultOf(
  { place, says, reason, until, inRun, isLooked }: RuleInUse,
  today: string,
): Omit<FindingDraft, "severity"> | undefined {
  const isOver = until !== null && today > until;
  if (!isOver && (inRun > 0 || !isLooked)) return undefined;
  return {
    object: { kind: "ignore rule", identity: place },
    summary: isOver
      ? `The rule ${place} (${says}) expired on ${until}: what it hid is told again`
      : `The rule ${place} (${says}) hides nothing any more`,
    detail: [`Its reason was: ${reason}.`],
    evidence: { place, says, reason, until },
    remedy: {
      summary: isOver
        ? "Take it out of the configuration, or give it a later day."
        : "Take it out of the configuration, or correct it.",
    },
  };
}

function rule(more: Partial<RuleInUse>): RuleInUse {
  return {
    place: "ignore[0]",
    says: "check schema/*, name public.events_p*",
    reason: "pg_partman makes one a day",
    until: null,
    hidden: more.inRun ?? 0,
    inRun: 0,
    isLooked: true,
    isToldHere: true,
    ...more,
  };
}

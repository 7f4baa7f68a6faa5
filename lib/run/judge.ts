import type { Check, JudgeContext, Judgement } from "../core/check.ts";
import type { Finding } from "../core/finding.ts";
import { fingerprint } from "../core/fingerprint.ts";
import { hiddenBy, type IgnoreRule, ruleName } from "../core/ignore.ts";
import type { Outcome } from "../core/outcome.ts";
import { rank } from "../core/severity.ts";
import type { Target } from "../core/target.ts";

export interface ChosenCheck {
  readonly check: Check;
  /** Validated by the check's own schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** From evidence to outcome: pure, so that a run can be judged again from what it saw. */
export function judge(
  { check, options }: ChosenCheck,
  evidence: Readonly<Record<string, unknown>>,
  context: JudgeContext,
  target: Target,
  ignore: readonly IgnoreRule[],
): Outcome {
  const judgement = check.judge(evidence, options, context);
  const all = judgement.findings
    .map((draft) => ({ ...draft, fingerprint: fingerprint(check.id, target, draft.object) }))
    .sort(worstFirst);
  const findings: Finding[] = [];
  const ignoredBy: Record<string, number> = {};
  for (const finding of all) {
    const rule = hiddenBy(check.id, finding, ignore, context.now);
    if (rule === undefined) findings.push(finding);
    else ignoredBy[ruleName(rule)] = (ignoredBy[ruleName(rule)] ?? 0) + 1;
  }
  const ignored = all.length - findings.length;
  return {
    check: check.id,
    status: statusOf(judgement, findings),
    scope: judgement.scope,
    ...judgement.blind,
    ...(judgement.failed === undefined ? {} : { errorClass: judgement.failed }),
    findings,
    ...(ignored > 0 ? { ignored, ignoredBy } : {}),
    ...(judgement.still === undefined
      ? {}
      : { still: judgement.still.map((object) => fingerprint(check.id, target, object)) }),
    ...(judgement.series === undefined ? {} : { series: judgement.series }),
    ...(judgement.memory === undefined ? {} : { memory: judgement.memory }),
  };
}

function statusOf(judgement: Judgement, findings: readonly Finding[]): Outcome["status"] {
  if (judgement.failed !== undefined) return "failed";
  if (findings.length > 0) return "found";
  return judgement.blind === undefined ? "passed" : "skipped";
}

const worstFirst = (a: Finding, b: Finding): number =>
  rank(b.severity) - rank(a.severity) ||
  (a.object.identity < b.object.identity ? -1 : a.object.identity > b.object.identity ? 1 : 0);

import { type IgnoreRule, matches, ruleName, sayRule } from "../core/ignore.ts";
import { isBlind } from "../core/outcome.ts";
import { countOutcomes, type Report, verdictOf } from "../core/report.ts";
import { type RuleInUse, rulesInUse } from "../core/rules-in-use.ts";
import type { Examination } from "./examination.ts";
import { type ChosenCheck, judge } from "./judge.ts";

type Examined = {
  readonly task: Omit<Examination, "deadline" | "claim">;
  readonly report: Report;
};

/** Does this check judge the run's own rules? Then it is asked last, and no database. */
export const judgesRules = ({ check }: ChosenCheck): boolean =>
  Object.values(check.reads).some((read) => read === rulesInUse);

/** Judges the ignore rules of every target, by what they did in the whole run. */
export const withRules = (run: readonly Examined[]): readonly Report[] =>
  run.map(({ task, report }) => {
    const chosen = task.checks.find(judgesRules);
    if (chosen === undefined) return report;
    const { target, profile } = task;
    const evidence = { rules: task.ignore.map((rule) => useOf(rule, task, run)) };
    const now = new Date(report.startedAt);
    const context = { now, server: undefined, profile, previous: task.past(chosen.check.id) };
    const outcome = { ...judge(chosen, evidence, context, target, task.ignore), evidence };
    const outcomes = [...report.outcomes, outcome];
    return { ...report, outcomes, verdict: verdictOf(outcomes), counts: countOutcomes(outcomes) };
  });

function useOf(rule: IgnoreRule, task: Examined["task"], run: readonly Examined[]): RuleInUse {
  const name = ruleName(rule);
  const under = run.filter((each) => each.task.ignore.some((other) => ruleName(other) === name));
  const hiddenOf = ({ report }: Examined): number =>
    report.outcomes.reduce((sum, { ignoredBy }) => sum + (ignoredBy?.[name] ?? 0), 0);
  const isWhole = under.length === (rule.covers ?? under.length);
  return {
    place: name,
    says: sayRule(rule),
    reason: rule.reason,
    until: rule.until ?? null,
    hidden: under.filter((each) => each.task === task).reduce((sum, one) => sum + hiddenOf(one), 0),
    inRun: under.reduce((sum, one) => sum + hiddenOf(one), 0),
    isLooked: isWhole && under.every(({ report }) => isLookedAt(rule, report)),
    isToldHere: under[0]?.task === task,
  };
}

/** Sessions come and go: that none is there now says nothing of a rule for them. */
const isOfTheMoment = (check: string): boolean => /^(activity|locks)\//.test(check);

function isLookedAt(rule: IgnoreRule, { outcomes }: Report): boolean {
  const meant = outcomes.filter(({ check }) => matches(rule.check, check));
  if (rule.role !== undefined || meant.every(({ check }) => isOfTheMoment(check))) return false;
  return !meant.some(isBlind);
}

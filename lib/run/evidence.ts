import type { Check } from "../core/check.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import type { ChosenCheck } from "./judge.ts";

type Evidence = NonNullable<Outcome["evidence"]>;

/** What several checks read is kept once a report, by the id of the read. */
export function shared(
  outcomes: readonly Outcome[],
  checks: readonly ChosenCheck[],
): Pick<Report, "outcomes" | "evidence"> {
  const reads = new Map(checks.map(({ check }) => [check.id, readIds(check)]));
  const users = new Map<string, number>();
  const each = (outcome: Outcome) =>
    Object.entries(outcome.evidence ?? {}).map(([name, value]) => {
      const id = reads.get(outcome.check)?.get(name);
      return { name, value, id };
    });
  for (const { id } of outcomes.flatMap(each)) {
    if (id !== undefined) users.set(id, (users.get(id) ?? 0) + 1);
  }
  const once: Evidence = {};
  const others = outcomes.map((outcome) => {
    if (outcome.evidence === undefined) return outcome;
    const own: Evidence = {};
    for (const { name, value, id } of each(outcome)) {
      if (id !== undefined && (users.get(id) ?? 0) > 1) once[id] = value;
      else own[name] = value;
    }
    return { ...outcome, evidence: own };
  });
  return { outcomes: others, ...(Object.keys(once).length === 0 ? {} : { evidence: once }) };
}

/** What the reads of a check returned, wherever the report keeps it; older ones kept it a check. */
export function keptFor(
  check: Check,
  { evidence: own = {} }: Pick<Outcome, "evidence">,
  { evidence: once = {} }: Pick<Report, "evidence">,
): Evidence {
  const kept: Evidence = {};
  for (const [name, id] of readIds(check)) {
    const value = own[name] ?? once[id];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

const readIds = ({ reads }: Check): ReadonlyMap<string, string> =>
  new Map(Object.entries(reads).map(([name, { id }]) => [name, id]));

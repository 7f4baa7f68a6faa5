import { type Check, categoryOf } from "../core/check.ts";
import { UsageError } from "../core/errors.ts";
import type { ProfileName } from "../core/profile.ts";
import type { ChosenCheck } from "./judge.ts";

/** What a configuration says of a check at one of its levels. */
export type CheckSettings = Readonly<Record<string, unknown>> & {
  readonly enabled?: boolean | undefined;
};

/**
 * The checks of a run with their options: the check's defaults, what it presets for the profile,
 * then each level of the configuration, the innermost last.
 *
 * @param levels outermost first: whole configuration, profile, environment, target
 * @throws UsageError for an option that a check does not have
 */
export function choose(
  checks: readonly Check[],
  profile: ProfileName,
  levels: readonly Readonly<Record<string, CheckSettings | undefined>>[],
): readonly ChosenCheck[] {
  return checks.toSorted(soonGoneFirst).flatMap((check) => {
    const { enabled, ...settings }: CheckSettings = Object.assign(
      {},
      check.presets?.[profile],
      ...levels.map((level) => level[check.id]),
    );
    return enabled === false ? [] : [{ check, options: optionsOf(check, settings) }];
  });
}

export function optionsOf(
  check: Check,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const parsed = check.options.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${check.id}: ${issue?.path.join(".") || "options"}: ${issue?.message}`,
    `pgvigil explain ${check.id} lists its options.`,
    { cause: parsed.error },
  );
}

/** What may be over in a minute is read before what will be there tonight. */
const order = ["server", "activity", "locks", "capacity", "migrations", "constraints", "indexes"];

/** Else as the registry has them, in whatever order they were named: some ask what others read. */
const soonGoneFirst = (a: Check, b: Check): number =>
  place(a) - place(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const place = ({ id }: Check): number => {
  const index = order.indexOf(categoryOf(id));
  // The orphan count may use up whatever time is left, so that it comes last of all.
  return index >= 0 ? index : id.startsWith("integrity/") ? order.length + 1 : order.length;
};

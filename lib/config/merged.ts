import { profileNames } from "../core/profile.ts";
import { sayTarget } from "../core/target.ts";
import type { Fault } from "./explain.ts";
import type { CheckLevel, Known, KnownCheck } from "./known.ts";
import type { Path } from "./problem.ts";
import type { Config } from "./schema.ts";
import { checkLevels, targetsOf } from "./targets.ts";

/**
 * Options that are right each by itself may be wrong together, across levels: a warning of one
 * above a critical of another. So each check is asked once for each combination that will be run.
 */
export function faultsOfCombinations(config: Config, { checks }: Known): readonly Fault[] {
  const tried = new Set<string>();
  const faults = new Map<string, Fault>();
  for (const resolved of targetsOf(config)) {
    for (const profile of profileNames) {
      const levels = checkLevels(config, resolved, profile);
      for (const check of checks) {
        const inner = levels.findLast(({ settings }) => settings[check.id] !== undefined);
        if (inner === undefined) continue;
        const { enabled = true, ...options } = laidOver(check, check.presets?.[profile], levels);
        const key = JSON.stringify([check.id, options]);
        if (!enabled || tried.has(key)) continue;
        tried.add(key);
        for (const { path, message } of issuesOf(check, options, levels)) {
          const where = `${sayTarget(resolved.target)}, profile ${profile}`;
          const place = [...inner.path, check.id, ...path.map(String)];
          const id = JSON.stringify([place, message]);
          faults.set(
            id,
            faults.get(id) ?? { path: place, message: `${message} (${where})`, of: "value" },
          );
        }
      }
    }
  }
  return [...faults.values()];
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A warning above critical would never be one. */
function issuesOf(
  check: KnownCheck,
  options: Readonly<Record<string, unknown>>,
  levels: Levels,
): readonly Issue[] {
  const { data, error } = check.options.safeParse(options);
  if (error !== undefined) return error.issues;
  const { warning, critical } = data;
  if (typeof warning !== "number" || typeof critical !== "number" || warning <= critical) return [];
  const isGiven = levels.some(({ settings }) => settings[check.id]?.critical !== undefined);
  const why = isGiven ? "" : ", whose default holds: set both";
  return [{ path: ["warning"], message: `warning is above critical${why}` }];
}

type Levels = readonly { readonly settings: CheckLevel; readonly path: Path }[];

const laidOver = (
  { id }: KnownCheck,
  preset: Readonly<Record<string, unknown>> | undefined,
  levels: Levels,
): Readonly<Record<string, unknown>> & { readonly enabled?: boolean } =>
  Object.assign({}, preset, ...levels.map(({ settings }) => settings[id]));

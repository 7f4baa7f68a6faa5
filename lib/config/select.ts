import { UsageError } from "../core/errors.ts";
import { matches } from "../core/ignore.ts";
import { nearest } from "../core/near.ts";
import { sayTarget } from "../core/target.ts";
import type { Config } from "./schema.ts";
import { type ResolvedTarget, targetsOf } from "./targets.ts";

export interface Selection {
  /** `production/orders`, `production/*`, or a bare name that only one environment has. */
  readonly target?: string | undefined;
  readonly environment?: string | undefined;
}

/**
 * The targets that a command is about; all of them where it names none.
 *
 * @throws UsageError where there is no such target, or a bare name that means several
 */
export function selectTargets(config: Config, selection: Selection): readonly ResolvedTarget[] {
  const { environment, target } = selection;
  const within = inEnvironment(targetsOf(config), environment);
  return target === undefined ? within : named(within, target);
}

function inEnvironment(
  targets: readonly ResolvedTarget[],
  environment: string | undefined,
): readonly ResolvedTarget[] {
  if (environment === undefined) return targets;
  const within = targets.filter(({ target }) => matches(environment, target.environment));
  if (within.length > 0) return within;
  const names = [...new Set(targets.map(({ target }) => target.environment))];
  throw new UsageError(`There is no environment ${environment}.`, hint(environment, names));
}

function named(targets: readonly ResolvedTarget[], pattern: string): readonly ResolvedTarget[] {
  const isBare = !pattern.includes("/");
  const nameOf = ({ target }: ResolvedTarget) => (isBare ? target.name : sayTarget(target));
  const found = targets.filter((target) => matches(pattern, nameOf(target)));
  if (found.length === 0) {
    const names = targets.flatMap(({ target }) => [
      sayTarget(target),
      ...(isBare ? [target.name] : []),
    ]);
    const all = targets.map(({ target }) => sayTarget(target));
    throw new UsageError(`There is no target ${pattern}.`, hint(pattern, names, all));
  }
  if (found.length > 1 && isBare && !pattern.includes("*")) {
    const full = found.map(({ target }) => sayTarget(target)).join(", ");
    throw new UsageError(`${pattern} is the name of several targets.`, `Say which: ${full}.`);
  }
  return found;
}

function hint(word: string, names: readonly string[], all = names): string {
  const near = nearest(word, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  const shown = all.slice(0, 12).join(", ");
  return `The configuration has ${shown}${all.length > 12 ? ` and ${all.length - 12} more` : ""}.`;
}

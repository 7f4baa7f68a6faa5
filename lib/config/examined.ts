import type { Config } from "./schema.ts";
import { type ResolvedTarget, targetsOf } from "./targets.ts";

/** Databases outside of every network: reached over their public endpoints. */
const openNetwork = "open";

/** A target with the network whose functions look at it. */
export interface ExaminedTarget extends ResolvedTarget {
  readonly network: string;
}

/**
 * The targets that this deployment looks at: all of them, a collector's own environments, or none
 * where it is the hub of others. The rest of the file is there to be held against.
 */
export function examinedTargets(config: Config): readonly ExaminedTarget[] {
  const { mode = "all", environments, networks = {} } = config.aws ?? {};
  if (mode === "hub") return [];
  const sole = Object.keys(networks)[0] ?? openNetwork;
  return targetsOf(config)
    .filter(({ target }) => environments?.includes(target.environment) ?? true)
    .map((each) => ({ ...each, network: each.network ?? sole }));
}

import { facts } from "../checks/facts.ts";
import type { Config } from "../config/schema.ts";
import { checkLevels, type ResolvedTarget, targetsOf } from "../config/targets.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target } from "../core/target.ts";
import {
  type CheckSettings,
  policyFor,
  type TargetSettings,
  unconfigured,
} from "../incidents/policies.ts";
import type { Policy } from "../incidents/policy.ts";
import { type Open, readOpen, watchedOf } from "../watch/opened.ts";

/**
 * What holds for the incidents of a target, by the configuration and the watches that are open.
 *
 * @param known the open watches, where they were read already
 * @throws UnreadableDocument
 */
export async function policiesOf(
  config: Config | undefined,
  store: Store,
  known?: Open,
): Promise<(target: Target) => Policy> {
  const settings = config ?? { timezone: "UTC" };
  const resolved = new Map(
    config === undefined ? [] : targetsOf(config).map((each) => [sayTarget(each.target), each]),
  );
  const open = known ?? (await readOpen(store));
  const policies = new Map<string, Policy>();
  return (target) => {
    const name = sayTarget(target);
    const each = resolved.get(name);
    const of =
      config === undefined || each === undefined ? unconfigured(target) : settingsOf(config, each);
    const policy = policies.get(name) ?? policyFor(of, settings, facts, watchedOf(open, target));
    policies.set(name, policy);
    return policy;
  };
}

const settingsOf = (config: Config, each: ResolvedTarget): TargetSettings => ({
  target: each.target,
  owner: each.owner,
  isPausable: each.pausable,
  times: each.alerts,
  check: (id, profile): CheckSettings =>
    Object.assign({}, ...checkLevels(config, each, profile).map(({ settings }) => settings[id])),
});

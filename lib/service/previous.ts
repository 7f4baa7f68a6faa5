import type { Config } from "../config/schema.ts";
import { decode } from "../core/document.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import type { Store } from "../core/ports.ts";
import { type Report, runSchema } from "../core/report.ts";
import { countingServerSchema } from "../core/server.ts";
import { sayTarget } from "../core/target.ts";
import { type Order, runIdOf } from "../dispatch/order.ts";
import { runKey } from "../run/keep-run.ts";
import { rhythmOf } from "./rhythm.ts";
import type { Looking } from "./tasks.ts";

/**
 * What a pack remembered at the pulse before: one object in place of one a database. It holds for
 * whom nothing was wrong then, and who was asked all that is asked now; of all others the target's
 * own document is read.
 */
export async function pastOfPulse(
  order: Order,
  { config, store }: { readonly config: Config; readonly store: Store },
): Promise<Looking["memory"]> {
  const reports = await reportsIn(store, keyBefore(order, "pulse", config));
  return async (target, checks) => {
    const report = reports.get(sayTarget(target));
    if (report === undefined) return undefined;
    const outcomes = new Map(report.outcomes.map((outcome) => [outcome.check, outcome]));
    const isWhole = checks.every(({ check }) => isWell(outcomes.get(check.id)));
    return isWhole
      ? { past: (check: string) => rememberedBy(report, outcomes.get(check)) }
      : undefined;
  };
}

/** Where the run of the same pack at the tick before is. */
export function keyBefore(order: Order, profile: "pulse" | "hourly", config: Config): string {
  const at = new Date(order.scheduledAt);
  const before = new Date(at.getTime() - rhythmOf(config, profile, at)).toISOString();
  const id = runIdOf({ ...order, profile, scheduledAt: before, part: 0 });
  return runKey({ run: { id, profile, startedAt: before } });
}

/** The reports of a run by target; none of one that is not there, or cannot be read. */
export async function reportsIn(store: Store, key: string): Promise<ReadonlyMap<string, Report>> {
  const stored = await store.get(key);
  const run = stored && (await decode(key, stored.body, runSchema).catch(() => undefined));
  return new Map(run?.reports.map((report) => [sayTarget(report.target), report]));
}

/** Nothing was wrong, and all was seen: what it remembers went with nothing that had to be told. */
export const isWell = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && outcome.findings.length === 0 && !isBlind(outcome);

function rememberedBy({ startedAt, server }: Report, outcome: Outcome | undefined) {
  if (outcome === undefined || server === undefined) return undefined;
  const { memory, past } = outcome;
  if (memory === undefined) return past && { ...past, server: countingServerSchema.parse(server) };
  return { at: startedAt, memory, server: countingServerSchema.parse(server) };
}

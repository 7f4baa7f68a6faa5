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
): Promise<Looking["past"]> {
  const at = new Date(order.scheduledAt);
  const before = new Date(at.getTime() - rhythmOf(config, "pulse", at)).toISOString();
  const id = runIdOf({ ...order, scheduledAt: before, part: 0 });
  const key = runKey({ run: { id, profile: order.profile, startedAt: before } });
  const stored = await store.get(key);
  const run = stored && (await decode(key, stored.body, runSchema).catch(() => undefined));
  const reports = new Map(run?.reports.map((report) => [sayTarget(report.target), report]));
  return (target, checks) => {
    const report = reports.get(sayTarget(target));
    if (report === undefined) return undefined;
    const outcomes = new Map(report.outcomes.map((outcome) => [outcome.check, outcome]));
    const isWhole = checks.every(({ check }) => isWell(outcomes.get(check.id)));
    return isWhole ? (check) => rememberedBy(report, outcomes.get(check)) : undefined;
  };
}

const isWell = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && outcome.findings.length === 0 && !isBlind(outcome);

function rememberedBy({ startedAt, server }: Report, outcome: Outcome | undefined) {
  if (outcome === undefined || server === undefined) return undefined;
  const { memory, past } = outcome;
  if (memory === undefined) return past && { ...past, server: countingServerSchema.parse(server) };
  return { at: startedAt, memory, server: countingServerSchema.parse(server) };
}

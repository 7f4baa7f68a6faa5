import type { Config } from "../config/schema.ts";
import type { Json } from "../core/check.ts";
import type { Store } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { countingServerSchema } from "../core/server.ts";
import { sayTarget } from "../core/target.ts";
import { type Order, packName } from "../dispatch/order.ts";
import { packsOf } from "../dispatch/packs.ts";
import type { Remembered } from "../run/examination.ts";
import { recall } from "../run/memory.ts";
import { placed } from "./place.ts";
import { isWell, keyBefore, reportsIn } from "./previous.ts";
import { rhythmOf } from "./rhythm.ts";
import { partsOf, prefixes } from "./seen.ts";
import type { Looking } from "./tasks.ts";

/**
 * What checks remember of their last look, for all but pulses. An hourly look that would remember
 * what stands in the target's document, but for its times, is not written there: it is in its run.
 * So of the two the newer one is handed out. What a look found that was not well may not have been
 * told yet; then the document alone says how far everybody is.
 */
export async function pastOfHour(
  order: Order,
  { config, store }: { readonly config: Config; readonly store: Store },
): Promise<Looking["memory"]> {
  const keys =
    order.profile === "hourly"
      ? [keyBefore(order, "hourly", config)]
      : await newestHourly(order, config, store);
  const found = await Promise.all(keys.map((key) => reportsIn(store, key)));
  const reports = new Map(found.flatMap((each) => [...each]));
  return async (target) => {
    const standing = await recall(store, target);
    const report = reports.get(sayTarget(target));
    const outcomes = new Map(report?.outcomes.map((outcome) => [outcome.check, outcome]));
    const past = (check: string): Remembered | undefined => {
      const [kept, last] = [standing(check), outcomes.get(check)];
      const isNewer = report !== undefined && (kept === undefined || kept.at < report.startedAt);
      if (!isNewer || last?.memory === undefined || !isWell(last)) return kept;
      return rememberedBy(report, last.memory);
    };
    return { past, standing };
  };
}

const rememberedBy = ({ startedAt, server }: Report, memory: Json): Remembered => ({
  ...{ at: startedAt, memory },
  ...(server === undefined ? {} : { server: countingServerSchema.parse(server) }),
});

/** Of the packs that the order's targets are in by the hour: one listing, whoever is looked at. */
async function newestHourly(
  { scheduledAt, targets }: Order,
  config: Config,
  store: Store,
): Promise<readonly string[]> {
  const wanted = new Set(targets);
  const isIn = ({ targets }: { readonly targets: readonly Placed[] }) =>
    targets.some(({ target }) => wanted.has(sayTarget(target)));
  const steady = placed(config).filter(({ each }) => !each.pausable);
  const packs = new Set(
    packsOf(steady)
      .filter(isIn)
      .map(({ environment, targets }) =>
        packName(
          environment,
          targets.map(({ target }) => sayTarget(target)),
        ),
      ),
  );
  if (packs.size === 0) return [];
  const to = new Date(scheduledAt);
  const from = new Date(to.getTime() - 1.5 * rhythmOf(config, "hourly", to));
  const newest = new Map<string, string>();
  for (const prefix of prefixes("hourly", from, to)) {
    for (const key of await store.list(prefix)) {
      const said = partsOf(key);
      const isMeant = said !== undefined && packs.has(said.pack) && said.at <= to.toISOString();
      // In order of time: the newest comes last.
      if (isMeant) newest.set(said.pack, key);
    }
  }
  return [...newest.values()];
}

type Placed = ReturnType<typeof placed>[number];

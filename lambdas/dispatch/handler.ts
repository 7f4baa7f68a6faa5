import * as z from "zod";
import { handlerOf } from "../../lib/adapters/aws/lambda/middleware.ts";
import { queuesIn } from "../../lib/adapters/aws/lambda/queues.ts";
import { statesIn } from "../../lib/adapters/aws/lambda/states.ts";
import { storeIn } from "../../lib/adapters/aws/lambda/store.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Config } from "../../lib/config/schema.ts";
import { metricNames } from "../../lib/core/metrics.ts";
import { dispatch } from "../../lib/service/dispatch.ts";
import { deliveryIn } from "../shared/delivery.ts";
import { logTroubles } from "../shared/troubles.ts";

/** As `lib/constructs/schedules.ts` says it. */
const tick = z.looseObject({
  profile: z.enum(["pulse", "hourly", "nightly"]),
  scheduledTime: z.iso.datetime({ offset: true }),
});

/** At each tick: what is due, and what nobody has seen. */
export function dispatchHandler(world: World, config: Config) {
  const { env, clock, log, count } = world;
  const [store, send, states] = [storeIn(world), queuesIn(world), statesIn(world)];
  // An account that only collects has no topics: its hub judges and tells.
  const delivery = env.PGVIGIL_TOPICS === undefined ? undefined : deliveryIn(world, config);
  return handlerOf(world, tick, async ({ profile, scheduledTime }) => {
    log.keys({ profile, scheduledTime });
    const dispatching = { config, store, clock, delivery, send, states };
    const done = await dispatch({ profile, scheduledTime }, dispatching);
    logTroubles(done.troubles, log);
    log.info("dispatched", { orders: done.orders });
    // Where all sleep the chain ends here. Who judges no runs counts none.
    const isTold = done.troubles.every(({ isKept }) => !isKept);
    if (done.isIdle && isTold && delivery !== undefined) {
      count(metricNames.heartbeat, 1, { profile });
    }
    if (done.nightlyAge !== undefined) count(metricNames.nightlyAge, done.nightlyAge);
  });
}

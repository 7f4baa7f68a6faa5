import { batchSchema, eachOf } from "../../lib/adapters/aws/lambda/batch.ts";
import { logError } from "../../lib/adapters/aws/lambda/log-error.ts";
import { handlerOf } from "../../lib/adapters/aws/lambda/middleware.ts";
import { storeIn } from "../../lib/adapters/aws/lambda/store.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Config } from "../../lib/config/schema.ts";
import { metricNames } from "../../lib/core/metrics.ts";
import { takeIn } from "../../lib/service/take-in.ts";
import { deliveryIn } from "../shared/delivery.ts";
import { logTroubles } from "../shared/troubles.ts";
import { writtenKeys } from "./written-keys.ts";

/** From runs to incidents and alerts. */
export function notifyHandler(world: World, config: Config) {
  const { clock, log, count } = world;
  const [store, delivery] = [storeIn(world), deliveryIn(world, config)];
  return handlerOf(world, batchSchema, async ({ Records }) =>
    eachOf(
      Records,
      async ({ body }) => {
        for (const key of writtenKeys(body)) {
          log.keys({ key });
          const taken = await takeIn(key, { config, store, clock, delivery });
          logTroubles(taken.troubles, log);
          if (taken.unreachable > 0) count(metricNames.unreachable, taken.unreachable);
          // The end of the chain: looked, judged, and everything told.
          const isTold = taken.troubles.every(({ isKept }) => !isKept);
          if (taken.run === undefined) log.error("refused");
          else if (isTold && taken.run.trigger !== "manual") {
            // Whoever looks by hand says nothing of those who should.
            count(metricNames.heartbeat, 1, { profile: taken.run.profile });
          }
        }
      },
      (error, { messageId }) => logError(log, error, { messageId }),
    ),
  );
}

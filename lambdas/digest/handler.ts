import * as z from "zod";
import { handlerOf } from "../../lib/adapters/aws/lambda/middleware.ts";
import { ping } from "../../lib/adapters/aws/lambda/ping.ts";
import { storeIn } from "../../lib/adapters/aws/lambda/store.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import { rootsFor } from "../../lib/adapters/postgres/settings/rds-expiry.ts";
import type { Config } from "../../lib/config/schema.ts";
import { sendDigest } from "../../lib/service/digest.ts";
import { keepNight } from "../../lib/service/nightly.ts";
import { deliveryIn } from "../shared/delivery.ts";
import { logTroubles } from "../shared/troubles.ts";

const job = z.looseObject({
  job: z.enum(["digest", "keep"]),
  scheduledTime: z.iso.datetime({ offset: true }),
});

/** Once a day: the morning mail, and what is kept for longer. */
export function digestHandler(world: World, config: Config) {
  const { env, clock, log } = world;
  const [store, delivery] = [storeIn(world), deliveryIn(world, config)];
  const address = env.PGVIGIL_HEARTBEAT_URL;
  return handlerOf(world, job, async ({ job, scheduledTime }) => {
    log.keys({ job, scheduledTime });
    if (job === "keep") {
      const knock = address === undefined ? undefined : () => ping(address);
      const keeping = { config, store, clock, delivery, rootsFor, ping: knock };
      const { copied, pinged, troubles } = await keepNight(keeping);
      logTroubles(troubles, log);
      return log.info("kept", { copied, pinged });
    }
    const troubles = await sendDigest(scheduledTime, { config, store, clock, delivery });
    logTroubles(troubles, log);
    // Whoever calls this tries again, and it is the same mail.
    if (troubles.some(({ isKept }) => isKept)) throw new Error("the digest did not go out");
  });
}

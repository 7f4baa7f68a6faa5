import * as z from "zod";
import { type BatchReply, batchSchema, eachOf } from "../../lib/adapters/aws/lambda/batch.ts";
import { logError } from "../../lib/adapters/aws/lambda/log-error.ts";
import { handlerOf } from "../../lib/adapters/aws/lambda/middleware.ts";
import { probeTarget } from "../../lib/adapters/aws/lambda/probe.ts";
import { sessionsIn } from "../../lib/adapters/aws/lambda/sessions.ts";
import { storeIn } from "../../lib/adapters/aws/lambda/store.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Config } from "../../lib/config/schema.ts";
import { metricNames } from "../../lib/core/metrics.ts";
import { type ProbeEvent, type ProbeReply, probeEventSchema } from "../../lib/core/probe.ts";
import { sayTarget } from "../../lib/core/target.ts";
import { orderSchema, runIdOf } from "../../lib/dispatch/order.ts";
import { type Examined, examineOrder } from "../../lib/service/examine.ts";
import { placed } from "../../lib/service/place.ts";
import manifest from "../../package.json" with { type: "json" };

/** Milliseconds that are left when looking ends: to write the run, and the snapshots of a night. */
const forWriting = { pulse: 8000, deep: 45_000 };

/** A pack of databases at a time: looked at, judged, written down. */
export function examineHandler(world: World, config: Config) {
  const { env, clock, log, count } = world;
  const store = storeIn(world);
  const open = sessionsIn(world);
  const lane = env.PGVIGIL_LANE === "pulse" ? "pulse" : "deep";
  return handlerOf(
    world,
    z.union([probeEventSchema, batchSchema]),
    async (event, context): Promise<BatchReply & Partial<ProbeReply>> => {
      if (!("Records" in event)) return probe(event);
      return eachOf(
        event.Records,
        async ({ body }) => {
          const order = orderSchema.parse(JSON.parse(body));
          log.keys({ run: runIdOf(order) });
          const examined = await examineOrder(order, {
            ...{ config, store, clock, version: manifest.version },
            connect: ({ each }, signal) => open(each, signal),
            time: context.getRemainingTimeInMillis() - forWriting[lane],
          });
          log.info(examined.is, fieldsOf(examined));
          if (examined.is === "late") count(metricNames.dropped, 1);
        },
        (error, { messageId }) => logError(log, error, { messageId }),
      );
    },
  );

  /** `pgvigil deploy-status --probe`: the way to each target from here; nothing is kept of it. */
  async function probe({ probe: { targets } }: ProbeEvent) {
    const wanted = placed(config).filter(({ target }) => targets.includes(sayTarget(target)));
    const probed = wanted.map(async ({ target, each }) => ({
      target: sayTarget(target),
      steps: [
        ...(await probeTarget(
          {
            ...{ url: each.url, environment: target.environment, connect: each.limits.connect },
            open: () => open(each),
          },
          store,
        )),
      ],
    }));
    return { batchItemFailures: [], probed: await Promise.all(probed) };
  }
}

const fieldsOf = (examined: Examined) =>
  examined.is === "looked" ? { targets: examined.run.reports.length, left: examined.left } : {};

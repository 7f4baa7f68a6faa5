import { topicsIn } from "../../lib/adapters/aws/lambda/topics.ts";
import { variable } from "../../lib/adapters/aws/lambda/variable.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Config } from "../../lib/config/schema.ts";
import type { Bulletin } from "../../lib/core/alert.ts";
import type { Delivery } from "../../lib/incidents/outbox.ts";
import { renderDigest } from "../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../lib/render/alerts/index.ts";
import { plainOf } from "../../lib/render/alerts/plain.ts";
import type { AlertSettings } from "../../lib/render/alerts/settings.ts";
import { runLink } from "../../lib/service/run-link.ts";

/** Alerts by the deployment's topics: their commands find its store, their links its runs. */
export function deliveryIn(world: World, config: Config): Delivery {
  const place = variable(world.env, "PGVIGIL_STORE");
  const settings = {
    ...settingsOf(world.env, config.store === place ? undefined : place),
    timezone: config.timezone,
  };
  const region = world.env.AWS_REGION;
  const linked = (bulletin: Bulletin): Bulletin => {
    const report = bulletin.links.report ?? runLink(bulletin.run, { place, region });
    return report === undefined ? bulletin : { ...bulletin, links: { ...bulletin.links, report } };
  };
  return {
    outlets: [topicsIn(world)],
    renderers: {
      bulletin: (bulletin) => renderBulletin(linked(bulletin), settings),
      digest: (digest) => renderDigest(digest, settings),
      plain: plainOf,
    },
  };
}

function settingsOf(env: World["env"], store: string | undefined): AlertSettings {
  const [, region, account] = /arn:[\w-]+:sns:([\w-]+):(\d+):/.exec(env.PGVIGIL_TOPICS ?? "") ?? [];
  return {
    ...(store === undefined ? {} : { places: `--store ${store}` }),
    ...(region === undefined || account === undefined ? {} : { aws: { account, region } }),
  };
}

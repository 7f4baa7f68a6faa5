import { topicsIn } from "../../lib/adapters/aws/lambda/topics.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Delivery } from "../../lib/incidents/outbox.ts";
import { renderDigest } from "../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../lib/render/alerts/index.ts";
import { plainOf } from "../../lib/render/alerts/plain.ts";
import type { AlertSettings } from "../../lib/render/alerts/settings.ts";

/** Alerts by the deployment's topics. */
export function deliveryIn(world: World): Delivery {
  const settings: AlertSettings = {};
  return {
    outlets: [topicsIn(world)],
    renderers: {
      bulletin: (bulletin) => renderBulletin(bulletin, settings),
      digest: (digest) => renderDigest(digest, settings),
      plain: plainOf,
    },
  };
}

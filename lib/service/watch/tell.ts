import type { Store } from "../../core/ports.ts";
import type { Watch } from "../../core/watch.ts";
import { type Delivery, drain, post, type Trouble } from "../../incidents/outbox.ts";
import { verdictBulletin } from "../../watch/bulletin.ts";

/** The verdict of a watch goes out the way alerts do: into the outbox, and from there. */
export async function tellVerdict(
  store: Store,
  watch: Watch,
  delivery: Delivery | undefined,
): Promise<readonly Trouble[]> {
  const bulletin = verdictBulletin(watch);
  if (bulletin === undefined || delivery === undefined) return [];
  const document = await post(store, bulletin);
  return drain(store, document && { document }, delivery);
}

import * as z from "zod";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { type Order, orderSchema, runIdOf } from "../dispatch/order.ts";

/**
 * `cursors/v1/E/packs/left.json`: what deadlines left of an environment's packs, by the id of the
 * run that takes it up. Of the environment, so that whoever examines one writes no other's.
 */
const leftSchema = z.looseObject({
  schemaVersion: z.literal(1),
  orders: z.record(z.string(), orderSchema),
});
type Left = z.infer<typeof leftSchema>;

const keyOf = (environment: string): string =>
  `cursors/v1/${encodeURIComponent(environment)}/packs/left.json`;

const nothing: Left = { schemaVersion: 1, orders: {} };

/** Leaves an order for the next tick. Said twice it is one. */
export const leave = (store: Store, environment: string, order: Order): Promise<Left> =>
  changeDocument(store, keyOf(environment), leftSchema, (now = nothing) => ({
    ...now,
    orders: { ...now.orders, [runIdOf(order)]: order },
  }));

/** What waits to be taken up. @throws UnreadableDocument */
export const leftOf = async (store: Store, environment: string): Promise<readonly Order[]> =>
  Object.values((await readDocument(store, keyOf(environment), leftSchema))?.document.orders ?? {});

/** After they were ordered: whoever dies in between orders them twice, which makes one run. */
export async function takenUp(
  store: Store,
  environment: string,
  orders: readonly Order[],
): Promise<void> {
  if (orders.length === 0) return;
  const ids = new Set(orders.map(runIdOf));
  await changeDocument(store, keyOf(environment), leftSchema, (now = nothing) => ({
    ...now,
    orders: Object.fromEntries(Object.entries(now.orders).filter(([id]) => !ids.has(id))),
  }));
}

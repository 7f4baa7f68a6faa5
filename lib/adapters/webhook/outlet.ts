import type { Message, Outlet } from "../../core/alert.ts";
import type { Address } from "./address.ts";
import { type Patience, type Posting, post } from "./post.ts";

/** A webhook that takes the messages it wants, in a shape of its own. */
export const webhook = (
  address: Address,
  wants: (message: Message) => boolean,
  shaped: (message: Message) => Posting,
  patience?: Patience,
): Outlet => ({
  name: `webhook ${address.name}`,
  async send(message) {
    if (wants(message)) await post(shaped(message), address, patience);
  },
});

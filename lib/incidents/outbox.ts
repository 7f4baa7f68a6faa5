import type { Bulletin, Message, Outlet, Renderers } from "../core/alert.ts";
import { Refused } from "../core/alert.ts";
import { messageOf } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import { withinBounds } from "./bounds.ts";
import { emptyDocument, type IncidentDocument } from "./document.ts";
import { changeIncidents, type Writing, type Written, writeIncidents } from "./stored.ts";

/** Who makes messages, and who takes them away. */
export interface Delivery {
  readonly renderers: Renderers;
  readonly outlets: readonly Outlet[];
}

/** What did not go as it should: for the log, and the exit code. */
export interface Trouble {
  readonly outlet: string;
  readonly message: string;
  /** True where it will be tried again. */
  readonly isKept: boolean;
  readonly why: string;
}

interface Draining extends Delivery, Pick<Writing, "nonce"> {
  /** By bulletin, what was said of it together with others: see `fleet.ts`. */
  readonly taken?: ReadonlyMap<string, readonly string[]>;
  readonly down?: ReadonlySet<string>;
}

/**
 * Sends what is in a target's outbox, then takes out what was sent. A crash in between sends it
 * again, under the same ids; an outlet that does not take it now keeps it there.
 */
export async function drain(
  store: Store,
  last: Written | undefined,
  { nonce, taken: shared, down: dead, ...delivery }: Draining,
): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  const taken = new Map<string, { readonly ids: readonly string[]; readonly isDone: boolean }>();
  // An outlet that is down gets what comes later, later: an end never comes before its beginning.
  const down = new Set(dead);
  for (const { bulletin, taken: before } of last?.document.outbox ?? []) {
    const messages = delivery.renderers.bulletin(bulletin);
    const already = [...before, ...(shared?.get(bulletin.id) ?? [])];
    const sent = await sendAll(messages, delivery, already, down);
    troubles.push(...sent.troubles);
    taken.set(bulletin.id, sent);
  }
  if (last !== undefined && taken.size > 0) {
    await writeIncidents(store, last.document.target, withoutTaken(taken), { nonce, last });
  }
  return troubles;
}

/** Puts something into a target's outbox that no incident said: the verdict of a watch. */
export const post = (
  store: Store,
  bulletin: Bulletin,
  nonce?: () => string,
): Promise<IncidentDocument | undefined> =>
  changeIncidents(
    store,
    bulletin.target,
    (now) => {
      const document = now ?? emptyDocument(bulletin.target, bulletin.at);
      const isThere = document.outbox.some((one) => one.bulletin.id === bulletin.id);
      if (isThere) return now;
      return withinBounds({ ...document, outbox: [...document.outbox, { bulletin, taken: [] }] });
    },
    nonce,
  );

const withoutTaken =
  (taken: ReadonlyMap<string, { readonly ids: readonly string[]; readonly isDone: boolean }>) =>
  (now: IncidentDocument | undefined): IncidentDocument | undefined =>
    now && {
      ...now,
      outbox: now.outbox.flatMap((outgoing) => {
        const sent = taken.get(outgoing.bulletin.id);
        if (sent?.isDone) return [];
        return [{ ...outgoing, taken: [...new Set([...outgoing.taken, ...(sent?.ids ?? [])])] }];
      }),
    };

interface Sent {
  /** `<outlet> <message id>` of all that was taken, now or before. */
  readonly ids: readonly string[];
  readonly isDone: boolean;
  readonly troubles: readonly Trouble[];
}

/** Every message to every outlet that did not take it yet. */
export async function sendAll(
  messages: readonly Message[],
  { outlets, renderers }: Delivery,
  before: readonly string[] = [],
  down = new Set<string>(),
): Promise<Sent> {
  const taken = new Set(before);
  const troubles: Trouble[] = [];
  let isDone = true;
  for (const message of messages) {
    for (const outlet of outlets) {
      const mark = `${outlet.name} ${message.topic} ${message.id}`;
      if (taken.has(mark)) continue;
      const trouble = down.has(outlet.name) ? isDown : await offer(message, outlet, renderers);
      if (trouble === undefined || (trouble !== isDown && !trouble.isKept)) taken.add(mark);
      else {
        isDone = false;
        down.add(outlet.name);
      }
      if (trouble !== undefined && trouble !== isDown) troubles.push(trouble);
    }
  }
  return { ids: [...taken], isDone, troubles };
}

const isDown = "down";

/** A message that is refused is said plainly; one that is refused even so will never be taken. */
async function offer(
  message: Message,
  outlet: Outlet,
  renderers: Renderers,
): Promise<Trouble | undefined> {
  const trouble = (error: unknown, isKept: boolean): Trouble => ({
    ...{ outlet: outlet.name, message: message.id, isKept, why: messageOf(error) },
  });
  try {
    await outlet.send(message);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) return trouble(error, true);
  }
  try {
    await outlet.send(renderers.plain(message));
    return undefined;
  } catch (error) {
    return trouble(error, !(error instanceof Refused));
  }
}

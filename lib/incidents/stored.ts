import { randomUUID } from "node:crypto";
import { decode, encode, UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { BrokenGroup, putToSleep, wakeAll } from "./asleep.ts";
import { documentSchema, type IncidentDocument, keyOf } from "./document.ts";

const tries = 50;

/** @throws UnreadableDocument */
export async function loadIncidents(
  store: Store,
  target: Target,
): Promise<IncidentDocument | undefined> {
  const key = keyOf(target);
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const document = await read(key, stored.body);
  return readable(key, () => wakeAll(document));
}

/** @throws UnreadableDocument where what is packed in it is broken */
function readable<T>(key: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BrokenGroup)) throw error;
    throw new UnreadableDocument(key, error.message, { cause: error });
  }
}

/** A document, and its bytes where they are known: what needs not be read twice. */
export interface Written {
  readonly document: IncidentDocument;
  readonly body?: Uint8Array | undefined;
  /** Of what is stored, where nothing was written. */
  readonly tag?: string | undefined;
}

export interface Writing {
  readonly nonce?: (() => string) | undefined;
  /** What was there a moment ago. */
  readonly last?: Written | undefined;
}

type Change = (now: IncidentDocument | undefined) => IncidentDocument | undefined;

/**
 * Changes a target's document by compare-and-swap. Nothing is written where `change` answers with
 * what it was given, or with nothing; it may run more than once.
 *
 * @throws UnreadableDocument where what is there cannot be read: it is never written over
 */
export async function writeIncidents(
  store: Store,
  target: Target,
  change: Change,
  { nonce = randomUUID, last }: Writing = {},
): Promise<Written | undefined> {
  const key = keyOf(target);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const stored = await store.get(key);
    const now = stored && (await read(key, stored.body, last));
    const next = readable(key, () => change(now));
    if (next === undefined) return undefined;
    if (next === now) return { document: next, body: stored?.body, tag: stored?.tag };
    const document = { ...putToSleep(next), nonce: nonce() };
    const body = await encode(key, document);
    const condition = stored === undefined ? "absent" : { tag: stored.tag };
    if (await store.put(key, body, condition)) return { document, body };
  }
  throw new Error(`${key} in ${store.place} is changed by others without a pause`);
}

const read = async (key: string, body: Uint8Array, last?: Written): Promise<IncidentDocument> =>
  last?.body !== undefined && Buffer.compare(last.body, body) === 0
    ? last.document
    : decode(key, body, documentSchema);

/** @throws UnreadableDocument */
export const changeIncidents = async (
  store: Store,
  target: Target,
  change: Change,
  nonce?: () => string,
): Promise<IncidentDocument | undefined> =>
  (await writeIncidents(store, target, (now) => change(now && wakeAll(now)), { nonce }))?.document;

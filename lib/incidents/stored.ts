import { randomUUID } from "node:crypto";
import { encode, readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { documentSchema, type IncidentDocument, keyOf } from "./document.ts";

const tries = 50;

/** @throws UnreadableDocument */
export async function loadIncidents(
  store: Store,
  target: Target,
): Promise<IncidentDocument | undefined> {
  return (await readDocument(store, keyOf(target), documentSchema))?.document;
}

/**
 * Changes a target's document by compare-and-swap. Nothing is written where `change` answers with
 * what it was given, or with nothing; it may run more than once.
 *
 * @throws UnreadableDocument where what is there cannot be read: it is never written over
 */
export async function changeIncidents(
  store: Store,
  target: Target,
  change: (now: IncidentDocument | undefined) => IncidentDocument | undefined,
  nonce: () => string = randomUUID,
): Promise<IncidentDocument | undefined> {
  const key = keyOf(target);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const now = await readDocument(store, key, documentSchema);
    const next = change(now?.document);
    if (next === undefined || next === now?.document) return next;
    const written = { ...next, nonce: nonce() };
    const condition = now === undefined ? "absent" : { tag: now.tag };
    if (await store.put(key, await encode(key, written), condition)) return written;
  }
  throw new Error(`${key} in ${store.place} is changed by others without a pause`);
}

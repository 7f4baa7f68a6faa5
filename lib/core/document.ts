import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type * as z from "zod";
import { messageOf, NoAnswer } from "./errors.ts";
import type { Store } from "./ports.ts";

const cure =
  "Nothing is written over it. Use the release that wrote it, restore it, or move it out of the store.";

/** A stored document that cannot be read: said, never taken for absent. */
export class UnreadableDocument extends NoAnswer {
  override readonly name = "UnreadableDocument";
  readonly key: string;

  constructor(key: string, why: string, options?: ErrorOptions) {
    super(`${key} cannot be read: ${why}`, cure, options);
    this.key = key;
  }
}

/** Keys that end in .gz are compressed. */
export async function encode(key: string, document: unknown): Promise<Uint8Array> {
  const json = JSON.stringify(document);
  // Written where it stays: a document may have a megabyte, and each copy of it counts.
  const text = new Uint8Array(Buffer.byteLength(json) + 1);
  new TextEncoder().encodeInto(json, text);
  text[text.length - 1] = 0x0a;
  return key.endsWith(".gz") ? promisify(gzip)(text) : text;
}

/** @throws UnreadableDocument */
export async function decode<T>(key: string, body: Uint8Array, schema: z.ZodType<T>): Promise<T> {
  let document: unknown;
  try {
    const text = key.endsWith(".gz") ? await promisify(gunzip)(body) : body;
    document = JSON.parse(new TextDecoder().decode(text));
  } catch (error) {
    throw new UnreadableDocument(key, messageOf(error), { cause: error });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new UnreadableDocument(key, whyNot(document, parsed.error.issues[0]));
}

/** A newer major release is a reason of its own. */
function whyNot(document: unknown, issue: z.core.$ZodIssue | undefined): string {
  const version: unknown = Object(document).schemaVersion;
  if (issue?.path[0] !== "schemaVersion" || typeof version !== "number") {
    return `${issue?.path.join(".") || "document"}: ${issue?.message}`;
  }
  return `another release of pgvigil wrote it (schemaVersion ${version})`;
}

/** @throws UnreadableDocument */
export async function readDocument<T>(
  store: Store,
  key: string,
  schema: z.ZodType<T>,
): Promise<{ readonly document: T; readonly tag: string } | undefined> {
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  return { document: await decode(key, stored.body, schema), tag: stored.tag };
}

const tries = 20;

/**
 * Changes a document by compare-and-swap: read, change, write over what was read, again where
 * somebody else was quicker. `change` may run more than once.
 *
 * @throws UnreadableDocument where what is there cannot be read: it is never written over
 */
export async function changeDocument<T>(
  store: Store,
  key: string,
  schema: z.ZodType<T>,
  change: (now: T | undefined) => T,
): Promise<T> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const now = await readDocument(store, key, schema);
    const next = change(now?.document);
    const condition = now === undefined ? "absent" : { tag: now.tag };
    if (await store.put(key, await encode(key, next), condition)) return next;
  }
  throw new Error(`${key} in ${store.place} is changed by others without a pause`);
}

import * as z from "zod";
import { messageOf, UsageError } from "../core/errors.ts";
import { canonicalVersion, factSchema } from "./fact.ts";
import { JsonBytes } from "./json-bytes.ts";
import { write } from "./line.ts";
import { Cuts, type Segment } from "./segment.ts";
import { headSchema, type Snapshot, type SnapshotHead } from "./snapshot.ts";
import { rootOf, treeOf } from "./tree.ts";

/**
 * A snapshot as a file: a head, then the objects, one a line. The head alone is a seal. Its names
 * are those of the runbooks' schema_seal.json.
 */
const snapshotFileSchema = z.object({
  schemaVersion: z.literal(1),
  /** The checksum of the schema. */
  pass1_checksum: z.string(),
  /** The same again, where the migrations were rehearsed twice. */
  pass2_checksum: z.string().optional(),
  ...headSchema.shape,
  /** Where it is stored: how long the members of gzip after the head are. */
  bytes: z.array(z.int()).optional(),
  objects: z.array(factSchema).optional(),
});

/** This is no snapshot that can be compared; `hint` says what to do. */
export class SnapshotError extends UsageError {
  override readonly name = "SnapshotError";
}

/** A snapshot that was stored: without its objects where it is a seal only. */
export interface StoredSnapshot extends SnapshotHead {
  readonly facts: Snapshot["facts"] | undefined;
  readonly segments?: readonly Segment[] | undefined;
}

/** Has it more than its head? They are not unpacked for that. */
export const hasObjects = (stored: StoredSnapshot): stored is Snapshot =>
  stored.segments !== undefined || stored.facts !== undefined;

export interface WriteOptions {
  readonly sealOnly?: boolean;
  readonly pass2?: string | undefined;
}

/** JSON, an object a line, so that a text diff of two files is of use too. */
export const writeSnapshot = (snapshot: Snapshot, options: WriteOptions = {}): string =>
  [...snapshotTexts(snapshot, options)].join("");

/** The same in pieces, none of them large. */
export function* snapshotTexts(
  snapshot: Snapshot,
  { sealOnly = false, pass2 }: WriteOptions = {},
): Generator<string> {
  const head = headText(snapshot, pass2 === undefined ? {} : { pass2_checksum: pass2 });
  if (sealOnly) {
    yield `${head}\n`;
    return;
  }
  yield `${head.slice(0, -2)}${beforeObjects}`;
  yield* bodyTexts(snapshot);
}

/** Where the objects begin. No JSON string holds a line's end, so that it is found nowhere else. */
export const beforeObjects = ',\n  "objects": [';

/** As JSON, of several lines. */
export const headText = (snapshot: Snapshot, more: object): string =>
  JSON.stringify(
    {
      schemaVersion: 1,
      pass1_checksum: snapshot.tree.checksum,
      ...more,
      ...headSchema.parse(snapshot),
    },
    null,
    2,
  );

/** What comes after the head: a text a segment of the hash tree, and the end. */
export function* bodyTexts(snapshot: Snapshot): Generator<string> {
  let before = "\n";
  for (const lines of linesOf(snapshot)) {
    yield `${before}${lines.slice(0, -1).replaceAll("\n", ",\n")}`;
    before = ",\n";
  }
  yield "\n  ]\n}\n";
}

function* linesOf(snapshot: Pick<Snapshot, "facts" | "segments">): Generator<string> {
  if (snapshot.segments !== undefined) {
    for (const segment of snapshot.segments) yield segment.lines();
    return;
  }
  const cuts = new Cuts();
  const lines = new JsonBytes();
  for (const fact of snapshot.facts) {
    if (!cuts.endsWith(write(fact, lines))) continue;
    yield lines.toString();
    lines.clear();
  }
  if (lines.used > 0) yield lines.toString();
}

/** @throws SnapshotError for what is no snapshot, is a newer one, or is damaged */
export function readSnapshot(text: string, place: string): StoredSnapshot {
  const { head, objects } = readFile(text, place);
  return { ...head, facts: objects };
}

/** @throws SnapshotError as readSnapshot does */
export function readFile(text: string, place: string) {
  const value = parse(text, place);
  refuseOthers(value, place);
  const parsed = snapshotFileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SnapshotError(
      `${place} is no snapshot: ${issue?.path.join(".")}: ${issue?.message}`,
      "Take it again: pgvigil snapshot --output FILE",
    );
  }
  const { objects, bytes, schemaVersion, pass1_checksum, pass2_checksum, ...head } = parsed.data;
  const unread = head.unread.map(({ kind, identity }) => `${kind} ${identity}`);
  const checksum =
    objects === undefined ? rootOf(head.tree, unread) : treeOf(objects, unread).checksum;
  if (checksum !== pass1_checksum || checksum !== head.tree.checksum) {
    throw new SnapshotError(
      `${place} is damaged: its objects do not have the checksum that its head names`,
      "Take it again: pgvigil snapshot --output FILE",
    );
  }
  return { head, bytes, objects };
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError(
      `${place} is no snapshot: ${messageOf(cause)}`,
      "Take it again: pgvigil snapshot --output FILE",
      { cause },
    );
  }
}

const sealSchema = z.looseObject({
  schemaVersion: z.int().optional(),
  pass1_checksum: z.string(),
  canonical: z.int().optional(),
});

/** What has a checksum, but of something else, or in a form that this release does not know. */
function refuseOthers(value: unknown, place: string): void {
  const { data } = sealSchema.safeParse(value);
  if (data === undefined) return;
  if (data.canonical === undefined) {
    throw new SnapshotError(
      `${place} holds a hash of pg_dump text, which is no checksum of a schema: it changes with the dump's random key and version`,
      "Seal the schema itself: pgvigil snapshot --seal-only --output schema_seal.json",
    );
  }
  const { schemaVersion = 1 } = data;
  if (schemaVersion > 1 || data.canonical > canonicalVersion) {
    const what =
      schemaVersion > 1
        ? `schemaVersion ${schemaVersion}, this one knows 1`
        : `canonical version ${data.canonical}, this one knows ${canonicalVersion}`;
    throw new SnapshotError(
      `${place} was written by a newer pgvigil (${what})`,
      "Use that version of pgvigil, or take the snapshot again with this one.",
    );
  }
  if (data.canonical < canonicalVersion) {
    throw new SnapshotError(
      `${place} is of canonical version ${data.canonical}; this pgvigil writes ${canonicalVersion}, and two versions are not compared`,
      "Take the snapshot again with this version, and seal that.",
    );
  }
}

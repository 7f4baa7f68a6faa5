import * as z from "zod";
import { byPlace, canonicalVersion, type Fact, keyOf } from "./fact.ts";
import { eachWritten, type KeptObject, type Written, write } from "./line.ts";
import type { Standing } from "./moved.ts";
import { PackedLines } from "./packed.ts";
import type { Seen } from "./seen.ts";
import type { Segment } from "./segment.ts";
import { GrowingTree, treeSchema } from "./tree.ts";

/** An object that could not be read: unknown, never a difference. */
export const unreadSchema = z.object({
  kind: z.string(),
  identity: z.string(),
  cause: z.enum(["lock", "timeout", "error"]),
});
export type Unread = z.infer<typeof unreadSchema>;

/** What is said of a snapshot; small, whatever the size of the schema. */
export const headSchema = z.object({
  canonical: z.int(),
  /** Was every object read that the snapshot models? */
  complete: z.boolean(),
  unread: z.array(unreadSchema),
  /** Objects a kind that no extractor reads: counted, so that they are not silently equal. */
  unmodelled: z.record(z.string(), z.int()),
  /** Objects a kind. */
  counts: z.record(z.string(), z.int()),
  server: z.object({
    version: z.string(),
    versionNum: z.int(),
    systemIdentifier: z.string().nullable(),
    database: z.string(),
  }),
  takenAt: z.string(),
  tree: treeSchema,
});
export type SnapshotHead = z.infer<typeof headSchema>;

/** The canonical schema of a target: its objects, in the order of `byPlace`. */
export interface Snapshot extends SnapshotHead {
  readonly facts: readonly Fact[];
  /**
   * The same objects, a segment of the hash tree at a time. Where these are there, `facts` are made
   * of them when somebody asks.
   */
  readonly segments?: readonly Segment[] | undefined;
  /** How the catalogs stood, where they stood still while it was read. */
  readonly seen?: Seen | undefined;
  /** How each object stood then, for the next look to read only what moved. */
  readonly standing?: StandingOf | undefined;
  /** Of how many relations, functions and domains how many were read now; the others did not move. */
  readonly readAgain?: { readonly units: number; readonly of: number };
  /** It was not read now: the catalogs stand as they did when it was. */
  readonly isUnchanged?: true;
}

/** What is kept of it. */
interface StandingOf extends Standing {
  readonly bound: string;
  /** When all was read; this reading may have been of a part. */
  readonly since: string;
  readonly kinds: Iterable<string>;
}

export type About = Pick<SnapshotHead, "unread" | "unmodelled" | "server" | "takenAt">;

/** A snapshot that is put together as its objects come, in the order of `byPlace`. */
export class GrowingSnapshot {
  readonly #tree = new GrowingTree();
  readonly #lines: PackedLines;

  /** @param isKept are its objects wanted, or its checksums alone? */
  constructor(isKept: boolean) {
    this.#lines = new PackedLines(isKept);
  }

  add(fact: Fact): void {
    this.#grow(fact, write(fact, this.#lines.open));
  }

  /** Of another snapshot, as it was written there. */
  keep({ about, written }: KeptObject): void {
    this.#lines.open.copy(written.bytes, written.start, written.end);
    this.#lines.open.add("\n");
    this.#grow(about, written);
  }

  #grow(about: KeptObject["about"], written: Written): void {
    if (this.#tree.add(about, written)) this.#lines.endSegment();
  }

  end(about: About): Snapshot {
    const lines = this.#lines;
    lines.end();
    const head = headOf(this.#tree, about);
    return inSegments(
      head,
      head.tree.segments.map((checksum, place) => ({
        checksum,
        lines: () => lines.lines(place),
        facts: () => factsIn(lines.lines(place)),
      })),
    );
  }
}

/** Its objects are unpacked when somebody asks for them. */
export function inSegments(head: SnapshotHead, segments: readonly Segment[]): Snapshot {
  let facts: readonly Fact[] | undefined;
  return {
    ...head,
    segments,
    get facts() {
      facts ??= segments.flatMap((segment) => segment.facts());
      return facts;
    },
  };
}

/** Of our own making a moment ago: every value in it was held against its schema then. */
const factsIn = (lines: string): readonly Fact[] =>
  JSON.parse(`[${lines.slice(0, -1).replaceAll("\n", ",")}]`);

function headOf(tree: GrowingTree, about: About): SnapshotHead {
  const whole = tree.end(about.unread.map(keyOf));
  return {
    canonical: canonicalVersion,
    complete: about.unread.length === 0,
    ...about,
    counts: tree.counts,
    tree: whole,
  };
}

/** Of objects that are all at hand. */
export function snapshotOf(facts: readonly Fact[], about: About): Snapshot {
  const tree = new GrowingTree();
  const sorted = facts.toSorted(byPlace);
  for (const object of eachWritten(sorted)) tree.add(object.about, object.written);
  return { ...headOf(tree, about), facts: sorted };
}

/** How many objects. */
export const sizeOf = ({ counts }: Pick<SnapshotHead, "counts">): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

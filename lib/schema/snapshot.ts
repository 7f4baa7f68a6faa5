import * as z from "zod";
import { byPlace, canonicalVersion, type Fact, keyOf } from "./fact.ts";
import { write } from "./line.ts";
import { PackedLines } from "./packed.ts";
import type { Seen } from "./seen.ts";
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
   * The objects as a file has them, some lines at a time. Where this is there, `facts` are made of
   * it when somebody asks for them.
   */
  readonly texts?: () => Iterable<string>;
  /** How the catalogs stood, where they stood still while it was read. */
  readonly seen?: Seen | undefined;
  /** It was not read now: the catalogs stand as they did when it was. */
  readonly isUnchanged?: true;
}

export type About = Pick<SnapshotHead, "unread" | "unmodelled" | "server" | "takenAt">;

/** A snapshot that is put together as its objects come, in the order of `byPlace`. */
export class GrowingSnapshot {
  readonly #tree = new GrowingTree();
  readonly #lines = new PackedLines();

  add(fact: Fact): void {
    const written = write(fact);
    this.#tree.add(fact, written);
    this.#lines.add(written.line);
  }

  end(about: About): Snapshot {
    const lines = this.#lines;
    let facts: readonly Fact[] | undefined;
    return {
      ...headOf(this.#tree, about),
      texts: () => lines.texts(),
      get facts() {
        facts ??= [...lines.texts()].flatMap(factsIn);
        return facts;
      },
    };
  }
}

/** Of our own making a moment ago: every value in it was held against its schema then. */
const factsIn = (text: string): readonly Fact[] =>
  JSON.parse(`[${text.slice(0, -1).replaceAll("\n", ",")}]`);

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
  for (const fact of sorted) tree.add(fact, write(fact));
  return { ...headOf(tree, about), facts: sorted };
}

/** How many objects. */
export const sizeOf = ({ counts }: Pick<SnapshotHead, "counts">): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

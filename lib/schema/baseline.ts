import { randomUUID } from "node:crypto";
import * as z from "zod";
import { changeDocument, readDocument } from "../core/document.ts";
import { UsageError } from "../core/errors.ts";
import { type TrackerHead, trackerHeadSchema } from "../core/migrations.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target, targetKey } from "../core/target.ts";
import type { Snapshot } from "./snapshot.ts";
import { keepSnapshot } from "./stored.ts";

/** One approval: which schema, by whom, when, and why. */
const sealSchema = z.looseObject({
  checksum: z.string(),
  canonical: z.int(),
  by: z.string(),
  at: z.string(),
  why: z.string(),
  /** Where the migration tools stood; absent where nobody asked, as of a file. */
  migrations: z.array(trackerHeadSchema).optional(),
});
export type Seal = z.infer<typeof sealSchema>;

/** What is right for a target; the newest seal is the last. Unknown fields are kept as they are. */
const baselineSchema = z.looseObject({
  schemaVersion: z.literal(1),
  /** Of whoever wrote it last, so that a write is told from its repetition. */
  nonce: z.string(),
  target: z.string(),
  history: z.array(sealSchema).min(1),
});
export type Baseline = z.infer<typeof baselineSchema>;

export const baselineKey = (target: Target): string => `baselines/v1/${targetKey(target)}.json`;

/** @throws UnreadableDocument */
export async function loadBaseline(store: Store, target: Target): Promise<Baseline | undefined> {
  return (await readDocument(store, baselineKey(target), baselineSchema))?.document;
}

export const currentSeal = ({ history }: Baseline): Seal | undefined => history.at(-1);

export interface Approval {
  readonly by: string;
  readonly why: string;
  readonly now: Date;
  readonly migrations?: readonly TrackerHead[] | undefined;
}

/**
 * Approves a snapshot as the target's baseline. Its objects are kept first, so that a baseline never
 * names what is not there; the history is changed by compare-and-swap.
 *
 * @throws UsageError for an incomplete snapshot; UnreadableDocument, which is never written over
 */
export async function seal(
  store: Store,
  target: Target,
  snapshot: Snapshot,
  approval: Approval,
): Promise<Seal> {
  if (!snapshot.complete) {
    throw new UsageError(
      `the snapshot is incomplete: ${snapshot.unread.map(({ identity }) => identity).join(", ")} could not be read`,
      "Seal again when nobody locks them.",
    );
  }
  if (approval.why.trim() === "") throw new UsageError("a seal needs a reason", '--why "…"');
  await keepSnapshot(store, snapshot);
  const { canonical, tree } = snapshot;
  return sealStored(store, target, { checksum: tree.checksum, canonical }, approval);
}

/**
 * The same for a snapshot whose objects the store has already.
 *
 * @param isDone is this seal in the history already? Then nothing is added: of those who seal by
 *   themselves, one may be told to twice
 * @returns the seal that was added, or that was there
 * @throws UnreadableDocument
 */
export async function sealStored(
  store: Store,
  target: Target,
  kept: Pick<Seal, "checksum" | "canonical">,
  { by, why, now, migrations }: Approval,
  isDone: (seal: Seal) => boolean = () => false,
): Promise<Seal> {
  const added: Seal = {
    checksum: kept.checksum,
    canonical: kept.canonical,
    by,
    at: now.toISOString(),
    why,
    ...(migrations === undefined ? {} : { migrations: [...migrations] }),
  };
  const { history } = await changeDocument(store, baselineKey(target), baselineSchema, (old) =>
    old?.history.some(isDone)
      ? old
      : {
          ...old,
          schemaVersion: 1 as const,
          nonce: randomUUID(),
          target: sayTarget(target),
          history: [...(old?.history ?? []), added],
        },
  );
  return history.find(isDone) ?? added;
}

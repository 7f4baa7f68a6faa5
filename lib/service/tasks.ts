import type { Check } from "../core/check.ts";
import type { Clock, Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { choose } from "../run/choose.ts";
import type { Examination } from "../run/examination.ts";
import type { Task } from "../run/fleet.ts";
import type { ChosenCheck } from "../run/judge.ts";
import { recall } from "../run/memory.ts";
import { baselineOf } from "../watch/baseline.ts";
import { readOpen } from "../watch/opened.ts";
import type { ReachedTarget } from "./targets.ts";

/** What stands in the target's document is known to whoever read it. */
type Known = Pick<Task, "past" | "standing">;

/** What is wanted of every target of a run, and what with. */
export interface Looking {
  readonly profile: ProfileName;
  readonly checks: readonly Check[];
  readonly store: Store | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly witness?: Examination["witness"];
  /** What the looks before remembered, where somebody knows more than the target's own document. */
  readonly memory?:
    | ((target: Target, checks: readonly ChosenCheck[]) => Promise<Known | undefined>)
    | undefined;
  readonly onProgress?: (target: string, done: number, of: number) => void;
}

/**
 * Joins what a configuration says, what the store remembers and the checks into what a run is made
 * of. What a watch remembers of its beginning is looked up once for all.
 *
 * @throws UnreadableDocument
 */
export async function tasksOf(
  targets: readonly ReachedTarget[],
  looking: Looking,
): Promise<readonly Task[]> {
  const { store } = looking;
  const open = store === undefined ? undefined : await readOpen(store);
  return Promise.all(
    targets.map(async (each) => {
      const watch = open?.watches[sayTarget(each.target)]?.id;
      const isWatched = store !== undefined && watch !== undefined;
      return {
        ...(await taskOf(each, looking)),
        ...(isWatched ? { baseline: await baselineOf(store, watch) } : {}),
      };
    }),
  );
}

async function taskOf(
  { target, typed, reference, server, connect, levels, ignore, limits }: ReachedTarget,
  { profile, checks, store, clock, signal, witness, memory, onProgress }: Looking,
): Promise<Task> {
  const chosen = choose(checks, profile, levels(profile));
  return {
    ...{ target, typed, profile, connect, server, store, clock, ignore, signal, witness },
    checks: chosen,
    patience: limits.target,
    ...(store === undefined
      ? { past: () => undefined }
      : ((await memory?.(target, chosen)) ?? { past: await recall(store, target) })),
    ...(store === undefined || reference === undefined
      ? {}
      : { reference: { target: reference, recall: () => recall(store, reference) } }),
    onProgress: (done, of) => onProgress?.(sayTarget(target), done, of),
  };
}

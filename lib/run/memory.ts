import * as z from "zod";
import type { JudgeContext } from "../core/check.ts";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { type Report, type RunDocument, verdictSchema } from "../core/report.ts";
import { type Target, targetKey, targetSchema } from "../core/target.ts";

/** `targets/v1/E/T.json`: the newest look a profile, and what each check remembers of its own. */
const targetDocument = z.looseObject({
  schemaVersion: z.literal(1),
  target: targetSchema,
  looks: z.record(
    z.string(),
    z.looseObject({ run: z.string(), at: z.string(), verdict: verdictSchema }),
  ),
  memories: z.record(z.string(), z.object({ at: z.string(), memory: z.json().optional() })),
});
type TargetDocument = z.infer<typeof targetDocument>;

const keyOf = (target: Target): string => `targets/v1/${targetKey(target)}.json`;

/** What each check remembered of its last look at a target. */
export async function recall(
  store: Store,
  target: Target,
): Promise<(check: string) => JudgeContext["previous"]> {
  const stored = await readDocument(store, keyOf(target), targetDocument);
  const memories = stored?.document.memories ?? {};
  return (check) => memories[check];
}

/** Keeps what the next run needs to know. A newer look is never overruled by an older one. */
export async function remember(
  store: Store,
  { run }: Pick<RunDocument, "run">,
  report: Report,
): Promise<void> {
  await changeDocument(store, keyOf(report.target), targetDocument, (now) =>
    withLook(now ?? empty(report.target), run, report),
  );
}

const empty = (target: Target): TargetDocument => ({
  schemaVersion: 1,
  target,
  looks: {},
  memories: {},
});

function withLook(
  now: TargetDocument,
  run: RunDocument["run"],
  { startedAt, verdict, outcomes }: Report,
): TargetDocument {
  const last = now.looks[run.profile];
  const isNewer = last === undefined || last.at <= startedAt;
  const look = { run: run.id, at: startedAt, verdict };
  const remembered = outcomes.flatMap(({ check, memory }) => {
    const before = now.memories[check];
    const isStale = before !== undefined && before.at > startedAt;
    return memory === undefined || isStale ? [] : [[check, { at: startedAt, memory }] as const];
  });
  return {
    ...now,
    looks: isNewer ? { ...now.looks, [run.profile]: look } : now.looks,
    memories: { ...now.memories, ...Object.fromEntries(remembered) },
  };
}

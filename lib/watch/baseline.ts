import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Store } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { type CountingServer, countingServerSchema, isSameCounting } from "../core/server.ts";
import type { WatchBaseline } from "../core/watch-baseline.ts";

const memorySchema = z.looseObject({
  at: z.string(),
  memory: z.json(),
  /** Whose it was: counters of another server are compared with nothing. */
  server: countingServerSchema.optional(),
});
type Memory = z.infer<typeof memorySchema>;

/**
 * `watches/v1/<id>.baseline.json.gz`: what each check remembered when the watch began. Beside the
 * watch, since counters of thousands of statements would be written anew at every look.
 */
const baselineSchema = z.looseObject({
  schemaVersion: z.literal(1),
  watch: z.string(),
  memories: z.record(z.string(), memorySchema),
});
type BaselineDocument = z.infer<typeof baselineSchema>;

const baselineKey = (watch: string): string => `watches/v1/${watch}.baseline.json.gz`;

/**
 * With what a look adds: a check that was blind when the watch began is held against what it
 * remembered first, and one that counts, after a failover, against what it found there.
 */
function withMemories(
  now: BaselineDocument,
  { startedAt: at, outcomes, server }: Pick<Report, "startedAt" | "outcomes" | "server">,
): BaselineDocument {
  const of = server === undefined ? {} : { server: countingServerSchema.parse(server) };
  const memories = { ...now.memories };
  for (const outcome of outcomes) {
    const { check, memory } = outcome;
    if (memory !== undefined && isWanted(now.memories[check], outcome, { at, ...of })) {
      memories[check] = { at, memory, ...of };
    }
  }
  return { ...now, memories };
}

function isWanted(
  before: Memory | undefined,
  outcome: Outcome,
  { at, server }: Pick<Memory, "at" | "server">,
): boolean {
  if (before === undefined) return true;
  if (before.at > at) return outcome.baseline === undefined && isSame(before.server, server);
  // The engine withheld it, since these counters are others: see lib/run/memory.ts.
  return outcome.baseline === undefined && before.at < at && !isSame(before.server, server);
}

const isSame = (then: CountingServer | undefined, now: CountingServer | undefined): boolean =>
  then === undefined || now === undefined || isSameCounting(then, now);

const emptyBaseline = (watch: string): BaselineDocument => ({
  schemaVersion: 1,
  watch,
  memories: {},
});

/** Writes only where this look adds something. */
export async function keepBaseline(store: Store, watch: string, report: Report): Promise<void> {
  const key = baselineKey(watch);
  const now = (await readDocument(store, key, baselineSchema))?.document ?? emptyBaseline(watch);
  if (isDeepStrictEqual(withMemories(now, report), now)) return;
  await changeDocument(store, key, baselineSchema, (stored) =>
    withMemories(stored ?? emptyBaseline(watch), report),
  );
}

/** A baseline, and of which server. */
export type KeptBaseline = WatchBaseline & { readonly server?: CountingServer | undefined };

/** @throws UnreadableDocument */
export async function baselineOf(
  store: Store,
  watch: string,
): Promise<(check: string) => KeptBaseline | undefined> {
  const stored = await readDocument(store, baselineKey(watch), baselineSchema);
  return (check) => {
    const kept = stored?.document.memories[check];
    return kept === undefined
      ? undefined
      : {
          watch,
          at: kept.at,
          memory: kept.memory,
          ...(kept.server ? { server: kept.server } : {}),
        };
  };
}

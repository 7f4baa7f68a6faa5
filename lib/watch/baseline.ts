import * as z from "zod";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { type CountingServer, countingServerSchema } from "../core/server.ts";
import type { WatchBaseline } from "../core/watch-baseline.ts";

/**
 * `watches/v1/<id>.baseline.json.gz`: what each check remembered when the watch began. Beside the
 * watch, since counters of thousands of statements would be written anew at every look.
 */
const baselineSchema = z.looseObject({
  schemaVersion: z.literal(1),
  watch: z.string(),
  memories: z.record(
    z.string(),
    z.looseObject({
      at: z.string(),
      memory: z.json(),
      /** Whose it was: counters of another server are compared with nothing. */
      server: countingServerSchema.optional(),
    }),
  ),
});
type BaselineDocument = z.infer<typeof baselineSchema>;

export const baselineKey = (watch: string): string => `watches/v1/${watch}.baseline.json.gz`;

/**
 * With what a look adds: a check that was blind when the watch began is held against what it
 * remembered first.
 */
export function withMemories(
  now: BaselineDocument,
  { startedAt: at, outcomes, server }: Pick<Report, "startedAt" | "outcomes" | "server">,
): BaselineDocument {
  const of = server === undefined ? {} : { server: countingServerSchema.parse(server) };
  const memories = { ...now.memories };
  for (const { check, memory } of outcomes) {
    const before = memories[check];
    if (memory === undefined || (before !== undefined && before.at <= at)) continue;
    memories[check] = { at, memory, ...of };
  }
  return { ...now, memories };
}

export const emptyBaseline = (watch: string): BaselineDocument => ({
  schemaVersion: 1,
  watch,
  memories: {},
});

/** Writes only where this look adds something. */
export async function keepBaseline(store: Store, watch: string, report: Report): Promise<void> {
  const key = baselineKey(watch);
  const now = (await readDocument(store, key, baselineSchema))?.document ?? emptyBaseline(watch);
  const isNew = ({ check, memory }: Report["outcomes"][number]) =>
    memory !== undefined && now.memories[check] === undefined;
  if (!report.outcomes.some(isNew)) return;
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

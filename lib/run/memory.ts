import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { JudgeContext } from "../core/check.ts";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Store } from "../core/ports.ts";
import { type Report, type RunDocument, verdictSchema } from "../core/report.ts";
import { type CountingServer, countingServerSchema, isSameCounting } from "../core/server.ts";
import { type Target, targetKey, targetSchema } from "../core/target.ts";
import type { Examination, Remembered } from "./examination.ts";

/**
 * `targets/v1/E/T.json`: what each check remembers, and the newest look a profile that had something
 * to remember. A calm look is in its run alone.
 */
const targetDocument = z.looseObject({
  schemaVersion: z.literal(1),
  target: targetSchema,
  looks: z.record(
    z.string(),
    z.looseObject({ run: z.string(), at: z.string(), verdict: verdictSchema }),
  ),
  memories: z.record(
    z.string(),
    z.object({
      at: z.string(),
      memory: z.json().optional(),
      /** Whose it was. */
      server: countingServerSchema.optional(),
    }),
  ),
});
type TargetDocument = z.infer<typeof targetDocument>;

const keyOf = (target: Target): string => `targets/v1/${targetKey(target)}.json`;

/** What each check remembered of its last look at a target. */
export async function recall(
  store: Store,
  target: Target,
): Promise<(check: string) => Remembered | undefined> {
  const stored = await readDocument(store, keyOf(target), targetDocument);
  const memories = stored?.document.memories ?? {};
  return (check) => memories[check];
}

/**
 * What checks are handed of their past on this server. Counters of another server, or of this one
 * before its restart, would make a loss, a regression or a recovery of what is none: withheld.
 */
export const pastOn = (
  { past, checks }: Pick<Examination, "past" | "checks">,
  server: CountingServer | undefined,
): ((check: string) => JudgeContext["previous"]) => onServer(past, checks, server);

/** The same of what they remembered when the watch began. */
export const baselineOn = (
  { baseline = () => undefined, checks }: Pick<Examination, "baseline" | "checks">,
  server: CountingServer | undefined,
): ((check: string) => JudgeContext["baseline"]) => onServer(baseline, checks, server);

function onServer<T extends { readonly server?: CountingServer | undefined }>(
  memory: (check: string) => T | undefined,
  checks: Examination["checks"],
  server: CountingServer | undefined,
): (check: string) => Omit<T, "server"> | undefined {
  const counting = new Set(checks.flatMap(({ check }) => (check.counters ? [check.id] : [])));
  return (check) => {
    const remembered = memory(check);
    if (remembered === undefined) return undefined;
    const { server: then, ...rest } = remembered;
    if (server === undefined || !counting.has(check)) return rest;
    return then !== undefined && isSameCounting(then, server) ? rest : undefined;
  };
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

/**
 * Does what this look's checks want to remember stand in the target's document? A pulse's past is
 * what it found the last time; an hourly look says since when the document says the same. All others
 * write it anew, so that nothing in it is older than a day or two.
 */
export function isRemembered(
  { outcomes }: Report,
  { profile }: Pick<RunDocument["run"], "profile">,
  now: Date,
): boolean {
  if (profile !== "pulse" && profile !== "hourly") return false;
  const stands = ({ memory, past, stands: since }: Outcome): boolean =>
    memory === undefined ||
    (profile === "pulse" && isDeepStrictEqual(memory, past?.memory)) ||
    (profile === "hourly" && since !== undefined && isRecent(since, now));
  return outcomes.every(stands);
}

/** What a check remembers, though only its times would change, is written once in so long. */
const longestStanding = 26 * 3_600_000;

const isRecent = (since: string, now: Date): boolean => {
  const age = now.getTime() - Date.parse(since);
  return age >= 0 && age < longestStanding;
};

const empty = (target: Target): TargetDocument => ({
  schemaVersion: 1,
  target,
  looks: {},
  memories: {},
});

function withLook(
  now: TargetDocument,
  run: RunDocument["run"],
  { startedAt, verdict, outcomes, server }: Report,
): TargetDocument {
  const last = now.looks[run.profile];
  const isNewer = last === undefined || last.at <= startedAt;
  const look = { run: run.id, at: startedAt, verdict };
  const remembered = outcomes.flatMap(({ check, memory }) => {
    const before = now.memories[check];
    const isStale = before !== undefined && before.at > startedAt;
    if (memory === undefined || isStale) return [];
    const of = server === undefined ? {} : { server: countingServerSchema.parse(server) };
    return [[check, { at: startedAt, memory, ...of }] as const];
  });
  return {
    ...now,
    looks: isNewer ? { ...now.looks, [run.profile]: look } : now.looks,
    memories: { ...now.memories, ...Object.fromEntries(remembered) },
  };
}

/** When each profile looked last and remembered it, ISO 8601 in UTC, by the profile's name. */
export async function lastLooks(
  store: Store,
  target: Target,
): Promise<Readonly<Record<string, string>>> {
  const stored = await readDocument(store, keyOf(target), targetDocument);
  const entries = Object.entries(stored?.document.looks ?? {});
  return Object.fromEntries(entries.map(([profile, { at }]) => [profile, at]));
}

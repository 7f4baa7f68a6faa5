import type * as z from "zod";
import type { JudgeContext, Judgement } from "./check.ts";
import { type CountingServer, isSameCounting, majorOf } from "./server.ts";
import { sayTime } from "./units.ts";

/** What a check knows of an earlier look at this very server. */
export interface Past<Memory> {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly memory: Memory;
  /** Taken before a deployment, or just the last look. */
  readonly isBaseline: boolean;
}

interface Pasts<Memory> {
  /** How it was before: when the watch began, else at the last look. */
  readonly before: Past<Memory> | undefined;
  readonly last: Past<Memory> | undefined;
  /** There is a past, of another server. */
  readonly isAnother: boolean;
}

/**
 * The memories of this check that may be held against this server. A restored, cloned, upgraded or
 * promoted one has a past of its own, and of a replica that was started at another time nobody
 * knows whether it is the same replica. What was counted ends with the server's start as well.
 */
export function pastsOf<Memory extends { readonly server: CountingServer }>(
  schema: z.ZodType<Memory>,
  { server, previous, baseline }: Pick<JudgeContext, "server" | "previous" | "baseline">,
  what: "counters" | "facts",
): Pasts<Memory> {
  const readOf = (look: { at: string; memory?: unknown } | undefined, isBaseline: boolean) => {
    const { data: memory } = schema.safeParse(look?.memory);
    if (look === undefined || memory === undefined || server === undefined) return undefined;
    const isOurs =
      what === "counters" ? isSameCounting(memory.server, server) : isSame(memory.server, server);
    return { at: look.at, memory, isBaseline, isOurs };
  };
  const found = [readOf(baseline, true), readOf(previous, false)];
  const [watched, last] = found.map((past) => (past?.isOurs ? past : undefined));
  return { before: watched ?? last, last, isAnother: found.some((past) => past && !past.isOurs) };
}

/** The same, or started anew, in another minor version maybe; on another timeline it is a restore. */
function isSame(then: CountingServer, now: CountingServer): boolean {
  if (isSameCounting(then, now)) return true;
  const isOfOneLine =
    then.timeline === null || now.timeline === null || then.timeline === now.timeline;
  const { versionNum } = majorOf(then) === majorOf(now) ? now : then;
  const upToItsStart = { ...then, startedAt: now.startedAt, versionNum };
  return !now.inRecovery && isOfOneLine && isSameCounting(upToItsStart, now);
}

/** A look with nothing to be held against: the next one has this. */
export const firstLook = (scope: string, { isAnother }: { isAnother: boolean }) =>
  ({
    scope,
    findings: [],
    blind: {
      cause: "not-applicable",
      reason: isAnother
        ? "another server answers than before (a restart, failover or restore): its past begins now"
        : "first look at this server: nothing to compare with",
      cure: "The next look compares with this one; `pgvigil watch start` makes it the baseline.",
    },
  }) as const satisfies Judgement;

/** `since the watch began on 2026-11-20 03:00 UTC`, `since the last look on …`. */
export const saySince = ({ at, isBaseline }: Pick<Past<unknown>, "at" | "isBaseline">): string =>
  `since ${isBaseline ? "the watch began" : "the last look"} on ${sayTime(at)}`;

export const secondsBetween = (from: string, to: Date | string): number =>
  (new Date(to).getTime() - Date.parse(from)) / 1000;

import type * as z from "zod";
import type { FindingDraft, FoundObject } from "./finding.ts";
import type { Blindness } from "./outcome.ts";
import type { ProfileName } from "./profile.ts";
import type { AnyRead, ResultOf } from "./read.ts";
import type { Server } from "./server.ts";
import type { WatchBaseline } from "./watch-baseline.ts";

export type Json = z.infer<ReturnType<typeof z.json>>;

/** What a judgement knows beside its evidence. It is pure: time and past are handed in. */
export interface JudgeContext {
  readonly now: Date;
  /** Absent where nobody answered; only a check of the connection itself is asked then. */
  readonly server: Server | undefined;
  readonly profile: ProfileName;
  /** The last look of this check at this target: when, and what it wanted to remember. */
  readonly previous?: { readonly at: string; readonly memory?: Json | undefined } | undefined;
  /** What it remembered when the watch began, while the target is under watch. */
  readonly baseline?: WatchBaseline | undefined;
}

/** `scope` says what was looked at, so that green has a size: "311 indexes in 4 schemas". */
export interface Judgement {
  readonly scope: string;
  readonly findings: readonly FindingDraft[];
  /** What could not be seen; several are told together. */
  readonly blind?: Blindness | undefined;
  /** The look itself failed, with the class of the error; `blind` says why and what to do. */
  readonly failed?: string | undefined;
  /** Objects below their threshold, and not yet below the one that clears them. */
  readonly still?: readonly FoundObject[] | undefined;
  /** Numbers worth drawing over time, by name: `connections`, `waiting-sessions`. */
  readonly series?: Readonly<Record<string, number>> | undefined;
  readonly memory?: Json;
}

/** Where a check has something to say. Elsewhere it is skipped as not applicable. */
interface Needs {
  readonly on?: "primary" | "replica";
  /** As server_version_num: 180000. */
  readonly minVersion?: number;
  readonly extension?: string;
  /** A past to compare with. */
  readonly store?: true;
  /** What its role must be allowed beyond CONNECT, for people: where it is not, that is told. */
  readonly privilege?: string;
}

type Evidence<Reads extends Record<string, AnyRead>> = {
  readonly [K in keyof Reads]: ResultOf<Reads[K]>;
};

/** Rows to verdict: printed in the docs and run as a test. */
export interface Example<E, O> {
  readonly name: string;
  readonly evidence: E;
  readonly options?: O;
  readonly now?: string;
  readonly server?: Partial<Server>;
  readonly profile?: ProfileName;
  readonly previous?: JudgeContext["previous"];
  readonly baseline?: JudgeContext["baseline"];
  /** One line a finding, `severity identity`, in order; empty where it passes. */
  readonly finds: readonly string[];
  /** The cause, where the check must say that it did not see all. */
  readonly blind?: Blindness["cause"];
}

export interface CheckDefinition<
  Reads extends Record<string, AnyRead>,
  Options extends z.ZodObject,
> {
  /** `category/kebab-noun`, named for the failing state, never reused. */
  readonly id: string;
  /** True where it passes: "Every index is valid". */
  readonly title: string;
  readonly failureTitle: string;
  /** Why anybody should care, in one or two sentences. */
  readonly why: string;
  /** The PostgreSQL page or source file that the rule comes from. */
  readonly source: string;
  readonly options: Options;
  readonly profiles: readonly ProfileName[];
  /** Options that differ in a profile. */
  readonly presets?: Partial<Record<ProfileName, z.input<Options>>>;
  readonly needs?: Needs;
  /** What it finds happens now and hurts now: told at once even by the first look at a target. */
  readonly live?: true;
  /** What it finds is to be expected while a deployment runs. */
  readonly expectedInDeployment?: true;
  /**
   * What it remembers are counters of one server: after a restart, failover, restore or upgrade it
   * is handed no memory, and begins anew.
   */
  readonly counters?: true;
  /**
   * Does what it would remember now say no more than what stands remembered, but for times that
   * every look refreshes? Then it is not written anew at each hour. Where absent: is it equal?
   */
  readonly isRefresh?: (memory: Json, standing: Json, now: Date) => boolean;
  /** It tells of a change: that the next look finds none is no recovery, and is not told. */
  readonly once?: true;
  /** Looks in a row that must find it before anybody is told; 1 where absent. */
  readonly for?: number;
  readonly reads: Reads;
  judge(evidence: Evidence<Reads>, options: z.output<Options>, context: JudgeContext): Judgement;
  readonly examples: readonly Example<Evidence<Reads>, z.input<Options>>[];
}

/** A check as the engine sees it: its evidence and options are its own affair. */
export interface Check
  extends Omit<
    CheckDefinition<Record<string, AnyRead>, z.ZodObject>,
    "judge" | "examples" | "presets"
  > {
  readonly presets?: Partial<Record<ProfileName, Readonly<Record<string, unknown>>>>;
  readonly examples: readonly Example<
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>
  >[];
  judge(
    evidence: Readonly<Record<string, unknown>>,
    options: Readonly<Record<string, unknown>>,
    context: JudgeContext,
  ): Judgement;
}

/** What incidents live by, of each check. */
export type CheckFacts = Pick<
  Check,
  "id" | "failureTitle" | "why" | "live" | "expectedInDeployment" | "once" | "for" | "presets"
>;

export const defineCheck = <
  const Reads extends Record<string, AnyRead>,
  Options extends z.ZodObject,
>(
  definition: CheckDefinition<Reads, Options>,
): CheckDefinition<Reads, Options> => definition;

export const categoryOf = (id: string): string => id.slice(0, id.indexOf("/"));

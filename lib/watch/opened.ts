import * as z from "zod";
import { readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target, targetSchema } from "../core/target.ts";
import { phaseSchema, type Watch } from "../core/watch.ts";
import { longestDeployment, secondsSince, windowUntil } from "./due.ts";

/** A watch as it was begun: all that its document is made from, should that be missing. */
const entrySchema = z.looseObject({
  id: z.string(),
  target: targetSchema,
  deploy: z.string().optional(),
  preparedAt: z.string().optional(),
  openedAt: z.string().optional(),
  by: z.string(),
  phases: z.array(phaseSchema).min(1),
  /** The watch that this one put an end to. */
  supersedes: z.string().optional(),
});
export type Entry = z.infer<typeof entrySchema>;

/**
 * `watches/v1/open.json`: the watches that are not closed, one a target: what a tick or a notifier
 * has to read to know them all, and who decides where two begin one at once.
 */
export const openSchema = z.looseObject({
  schemaVersion: z.literal(1),
  nonce: z.string(),
  /** By `environment/name`. */
  watches: z.record(z.string(), entrySchema),
});
export type Open = z.infer<typeof openSchema>;

export const openKey = "watches/v1/open.json";

const nobody: Open = { schemaVersion: 1, nonce: "", watches: {} };

/** @throws UnreadableDocument */
export const readOpen = async (store: Store): Promise<Open> =>
  (await readDocument(store, openKey, openSchema))?.document ?? nobody;

/** What somebody wants to begin. */
export interface Wish {
  readonly kind: "prepare" | "start";
  readonly target: Target;
  readonly deploy?: string | undefined;
  readonly by: string;
  readonly phases: readonly z.infer<typeof phaseSchema>[];
  readonly now: Date;
  /** For the watch, if there is to be a new one. */
  readonly id: string;
}

interface Beginning {
  readonly open: Open;
  readonly entry: Entry;
  /** `same`: it was there already, and nothing is to be done. */
  readonly is: "new" | "opened" | "same";
}

/**
 * One watch a target. The same deployment again changes nothing; what was prepared for it, or for
 * nobody in particular, is opened; any other watch is superseded.
 */
export function begun(before: Open | undefined, wish: Wish): Beginning {
  const open = before ?? nobody;
  const { kind, target, deploy, by, phases, now, id } = wish;
  const name = sayTarget(target);
  const there = open.watches[name];
  const at = now.toISOString();
  const isMeant =
    there !== undefined &&
    (there.deploy === undefined || deploy === undefined || there.deploy === deploy);
  const isOpened = there?.openedAt !== undefined;
  if (there !== undefined && isMeant) {
    const isStale = !isOpened && secondsSince(there.preparedAt, now) > longestDeployment;
    if (kind === "start" && isOpened && there.deploy === deploy) return same(open, there);
    if (kind === "prepare" && deploy !== undefined && isOpened) return same(open, there);
    if (kind === "prepare" && !isOpened && !isStale) return same(open, there);
    if (kind === "start" && !isOpened && !isStale) {
      const entry = { ...there, deploy, openedAt: at, by, phases: [...phases] };
      return { open: withEntry(open, name, entry), entry, is: "opened" };
    }
  }
  const entry: Entry = {
    id,
    target,
    ...(deploy === undefined ? {} : { deploy }),
    ...(kind === "prepare" ? { preparedAt: at } : { openedAt: at }),
    by,
    phases: [...phases],
    ...(there === undefined ? {} : { supersedes: there.id }),
  };
  return { open: withEntry(open, name, entry), entry, is: "new" };
}

const same = (open: Open, entry: Entry): Beginning => ({ open, entry, is: "same" });

const withEntry = (open: Open, name: string, entry: Entry): Open => ({
  ...open,
  watches: { ...open.watches, [name]: entry },
});

/** Without a watch that has ended; another one of the same target stays. */
export function without(open: Open, { id, target }: Pick<Entry, "id" | "target">): Open {
  const { [sayTarget(target)]: there, ...watches } = open.watches;
  return there?.id === id ? { ...open, watches } : open;
}

/** The document as it begins, or an open one with what has been said since. */
export function watchOf(entry: Entry, there?: Watch): Watch {
  const { id, target, deploy, preparedAt, openedAt, by, phases } = entry;
  if (there?.state === "closed" || there?.state === "open") return there;
  const said = {
    ...(deploy === undefined ? {} : { deploy }),
    ...(preparedAt === undefined ? {} : { preparedAt }),
    ...(openedAt === undefined ? {} : { openedAt }),
  };
  const state = openedAt === undefined ? "prepared" : "open";
  return {
    ...(there ?? { checks: [], looks: [], seen: {}, untold: 0, blind: {}, series: {} }),
    schemaVersion: 1,
    nonce: "",
    id,
    target,
    state,
    ...said,
    by,
    phases,
  };
}

/** What whoever sends alerts has to know of a target that is under watch. */
export interface Watched {
  readonly id: string;
  readonly deploy: string;
  readonly since: string;
  readonly windowUntil: string;
}

export function watchedOf(open: Open, target: Target): Watched | undefined {
  const entry = open.watches[sayTarget(target)];
  const since = entry?.openedAt ?? entry?.preparedAt;
  const until = entry && windowUntil(entry);
  if (entry === undefined || since === undefined || until === undefined) return undefined;
  return { id: entry.id, deploy: entry.deploy ?? "a deployment", since, windowUntil: until };
}

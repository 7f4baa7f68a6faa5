import { UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { type Calm, isQuiet, keepCalm, loadCalm, looksOf, passesOf, Quiet } from "./calm.ts";
import { type IncidentDocument, incidentsPrefix, keyOf } from "./document.ts";
import type { Moment } from "./moment.ts";
import type { Notifying } from "./notify.ts";
import { drain, type Trouble } from "./outbox.ts";
import { type Written, writeIncidents } from "./stored.ts";
import { retire, tick } from "./tick.ts";
import { tellUnreadableAt } from "./unreadable.ts";
import { overdue } from "./unseen.ts";

export interface Sweeping extends Notifying {
  /** Every target of the configuration. */
  readonly targets: readonly Target[];
  /**
   * The newest runs that are in the store, asked for once somebody is quiet. Whoever says so lets
   * calm looks go by until the next sweep, as `calm.ts` has it.
   */
  readonly seen?: (() => Promise<(target: Target) => Looks>) | undefined;
}

type Looks = IncidentDocument["profiles"];

/**
 * Lets time pass for every target: those of the configuration, and those that have left it. Who was
 * quiet at the last sweep and whose document is the same is not read again.
 */
export async function sweep(sweeping: Sweeping): Promise<readonly Trouble[]> {
  const { store, targets, policyOf, delivery, clock, nonce, seen } = sweeping;
  const names = new Set(targets.map(sayTarget));
  const tags = await store.tags?.(incidentsPrefix);
  const stored = tags === undefined ? await storedTargets(store) : targetsIn([...tags.keys()]);
  const gone = stored.filter(
    // A database by --url was never in a configuration.
    (target) => target.environment !== "adhoc" && !names.has(sayTarget(target)),
  );
  const troubles: Trouble[] = [];
  const momentOf = (target: Target): Moment => {
    const policy = policyOf(target);
    return { at: clock().toISOString(), target, policy, tells: delivery !== undefined };
  };
  const each = async (
    target: Target,
    pass: (now: IncidentDocument | undefined, moment: Moment) => IncidentDocument | undefined,
  ): Promise<Written | undefined> => {
    const moment = momentOf(target);
    try {
      const written = await writeIncidents(store, target, (now) => pass(now, moment), { nonce });
      if (delivery !== undefined) {
        troubles.push(...(await drain(store, written, { ...delivery, nonce })));
      }
      return written;
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) throw error;
      // A target that nobody looks at for a day would be silent for as long.
      troubles.push(...(await tellUnreadableAt(error, moment, { store, delivery })));
      return undefined;
    }
  };
  const calm = await loadCalm(store);
  const quiet = new Quiet();
  const looks: Calm["seen"] = {};
  let asked: ((target: Target) => Looks) | undefined;
  const runsOf = async (target: Target): Promise<Looks> => {
    asked ??= await seen?.();
    return asked?.(target) ?? {};
  };
  for (const target of targets) {
    const name = sayTarget(target);
    const before = calm.seen[name];
    const runs = before === undefined ? {} : await runsOf(target);
    const known = { ...before, ...runs };
    if (before !== undefined) looks[name] = known;
    const entry = calm.quiet[name];
    if (entry !== undefined && tags?.get(keyOf(target)) === entry.tag) {
      const moment = momentOf(target);
      const profiles = looksOf(entry.profiles, known);
      if (overdue({ profiles, since: entry.since }, moment).length === 0) {
        quiet.keep(name, entry, calm.checks, passesOf(entry.profiles, runs, moment.at));
        continue;
      }
    }
    const written = await each(target, (now, moment) => {
      const document = now && { ...now, profiles: looksOf(now.profiles, known) };
      const next = tick(document, moment);
      return next === document ? now : next;
    });
    if (written?.tag === undefined || !isQuiet(written.document)) continue;
    const { document, tag } = written;
    looks[name] = { ...known, ...(await runsOf(target)) };
    quiet.add(name, document, tag, passesOf(document.profiles, looks[name], clock().toISOString()));
  }
  for (const target of gone) {
    await each(target, (now, moment) => (now === undefined ? undefined : retire(now, moment)));
  }
  const isWorthIt = Object.keys(looks).length > 0 || calm.at !== "";
  if (seen !== undefined && isWorthIt)
    await keepCalm(store, quiet.asOf(clock().toISOString(), looks));
  return troubles;
}

/** Targets that have a document, by its key. */
export async function storedTargets(store: Store): Promise<readonly Target[]> {
  return targetsIn(await store.list(incidentsPrefix));
}

const targetsIn = (keys: readonly string[]): readonly Target[] =>
  keys.flatMap((key) => {
    const [, environment, name] =
      /^([^/]+)\/([^/]+)\.json$/.exec(key.slice(incidentsPrefix.length))?.map(decodeURIComponent) ??
      [];
    return environment === undefined || name === undefined ? [] : [{ environment, name }];
  });

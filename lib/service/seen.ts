import type { Config } from "../config/schema.ts";
import type { Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import { timeOf } from "../core/stamp.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { packName } from "../dispatch/order.ts";
import { packsOf } from "../dispatch/packs.ts";
import { placed } from "./place.ts";
import { rhythmOf } from "./rhythm.ts";

/** When runs that are in the store looked at a target last, ISO 8601; nothing where it is long ago. */
export type Seen = (target: Target) => Readonly<Partial<Record<ProfileName, string>>>;

const hour = 3_600_000;

/**
 * Who was looked at within one and a half rhythms, by the names of the runs alone: a name says when
 * it was due and for which pack. One or two listings a profile, however many targets there are.
 */
export async function seenIn(store: Store, config: Config, now: Date): Promise<Seen> {
  const steady = placed(config).filter(({ each }) => !each.pausable);
  const packs = new Map(
    packsOf(steady).map(({ environment, targets }) => {
      const names = targets.map(({ target }) => sayTarget(target));
      return [packName(environment, names), names];
    }),
  );
  const seen = new Map<string, Partial<Record<ProfileName, string>>>();
  for (const profile of ["pulse", "hourly"] as const) {
    const from = new Date(now.getTime() - 1.5 * rhythmOf(config, profile, now));
    for (const prefix of prefixes(profile, from, now)) {
      for (const key of await store.list(prefix)) {
        const said = partsOf(key);
        if (said === undefined || said.at < from.toISOString()) continue;
        // In order of time: the newest comes last.
        for (const name of packs.get(said.pack) ?? []) {
          seen.set(name, { ...seen.get(name), [profile]: said.at });
        }
      }
    }
  }
  return (target) => seen.get(sayTarget(target)) ?? {};
}

/** Hours where there are many runs, days where there are few. */
export function prefixes(profile: ProfileName, from: Date, to: Date): readonly string[] {
  const step = to.getTime() - from.getTime() < hour ? hour : 24 * hour;
  const names: string[] = [];
  for (let at = Math.floor(from.getTime() / step) * step; at <= to.getTime(); at += step) {
    const [date = "", time = ""] = new Date(at).toISOString().split("T");
    const day = date.replaceAll("-", "");
    const folder = `runs/v1/profile=${profile}/date=${date}/`;
    names.push(step === hour ? `${folder}${day}T${time.slice(0, 2)}` : folder);
  }
  return names;
}

const name = /\/(?<stamp>\d{8}T\d{6}Z)-(?<pack>[^/=]+=[0-9a-f]{8})-[a-z]+-\d+\.json\.gz$/;

export function partsOf(key: string): { readonly at: string; readonly pack: string } | undefined {
  const { stamp, pack } = name.exec(key)?.groups ?? {};
  return stamp === undefined || pack === undefined ? undefined : { at: timeOf(stamp), pack };
}

import { readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { type ProfileName, profileNames } from "../core/profile.ts";
import { type RunDocument, runSchema } from "../core/report.ts";
import { timeOf } from "../core/stamp.ts";

/** A run in a store, as its key tells of it. */
export interface KeptRun {
  readonly key: string;
  readonly id: string;
  readonly profile: ProfileName;
  /** ISO 8601 in UTC: when it began, or was scheduled to. */
  readonly at: string;
  /** Of a deployment's run, which looks at one environment; absent where a person began it. */
  readonly environment?: string | undefined;
}

const keyPattern =
  /^runs\/v1\/profile=(?<profile>[a-z]+)\/date=[\d-]{10}\/(?<id>(?<at>\d{8}T\d{6}Z)-[^/]+)\.json\.gz$/;

/** What a key says; nothing for what is no run. */
function keptRun(key: string): KeptRun | undefined {
  const { profile, id, at } = keyPattern.exec(key)?.groups ?? {};
  const known = profileNames.find((name) => name === profile);
  if (known === undefined || id === undefined || at === undefined) return undefined;
  const environment = /^\d{8}T\d{6}Z-([^/=]+)=/.exec(id)?.[1];
  return { key, id, profile: known, at: timeOf(at), environment };
}

/** A bucket forgets runs after a week; a folder never does. */
const daysAtOnce = 8;
const dayMs = 86_400_000;

/**
 * Runs of these profiles, newest first, a day at a time, so that nobody who wants the newest few
 * lists a year of them. What is older than eight days is listed at the end, in one go.
 */
export async function* keptRuns(
  store: Store,
  profiles: readonly ProfileName[],
  now: Date,
): AsyncGenerator<KeptRun> {
  const seen = new Set<string>();
  const listed = async (prefixes: readonly string[]) => {
    const keys = (await Promise.all(prefixes.map((prefix) => store.list(prefix)))).flat();
    return keys
      .filter((key) => !seen.has(key))
      .flatMap((key) => {
        seen.add(key);
        return keptRun(key) ?? [];
      })
      .sort((a, b) => (a.id < b.id ? 1 : -1));
  };
  const prefix = (profile: string) => `runs/v1/profile=${profile}/`;
  // Tomorrow, too: clocks differ.
  for (let back = -1; back < daysAtOnce; back += 1) {
    const day = new Date(now.getTime() - back * dayMs).toISOString().slice(0, 10);
    yield* await listed(profiles.map((profile) => `${prefix(profile)}date=${day}/`));
  }
  yield* await listed(profiles.map(prefix));
}

/**
 * Runs whose id begins so. One begins with its day; it may have been kept on the next.
 *
 * @param start at least the day: `20261120`
 */
export async function keptRunsNamed(
  store: Store,
  profiles: readonly ProfileName[],
  start: string,
): Promise<readonly KeptRun[]> {
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)[^/]*$/s.exec(start) ?? [];
  const day = Date.parse(`${year}-${month}-${date}`);
  if (!Number.isFinite(day)) return [];
  const dates = [day, day + dayMs].map((at) => new Date(at).toISOString().slice(0, 10));
  const prefixes = profiles.flatMap((profile) =>
    dates.map((date) => `runs/v1/profile=${profile}/date=${date}/${start}`),
  );
  const keys = (await Promise.all(prefixes.map((prefix) => store.list(prefix)))).flat();
  return keys.flatMap((key) => keptRun(key) ?? []);
}

/** @throws UnreadableDocument */
export const readRun = async (store: Store, key: string): Promise<RunDocument | undefined> =>
  (await readDocument(store, key, runSchema))?.document;

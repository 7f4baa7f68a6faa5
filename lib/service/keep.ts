import type { Store } from "../core/ports.ts";

const day = 86_400_000;

/**
 * Copies of nightly runs that outlive the rest: the first of each week for four weeks, the first of
 * each month for twelve months. What is there is left alone, what is missing is made good, so that
 * a day that nobody kept is no loss. Bodies are copied as they are.
 *
 * @returns how many were copied
 */
export async function keepNightlies(store: Store, now: Date): Promise<number> {
  let copied = 0;
  // The run of last night is of this day or of the one before, by UTC.
  for (const at of [new Date(now.getTime() - day), now]) {
    const date = at.toISOString().slice(0, 10);
    const runs = await store.list(`runs/v1/profile=nightly/date=${date}/`);
    if (runs.length === 0) continue;
    for (const folder of [`kept/weekly/${weekOf(at)}/`, `kept/monthly/${date.slice(0, 7)}/`]) {
      copied += await copyMissing(store, runs, folder);
    }
  }
  return copied;
}

async function copyMissing(store: Store, runs: readonly string[], folder: string): Promise<number> {
  const kept = new Set((await store.list(folder)).map((key) => packIn(nameOf(key))));
  let copied = 0;
  for (const key of runs) {
    if (kept.has(packIn(nameOf(key)))) continue;
    const run = await store.get(key);
    if (run === undefined) continue;
    if (await store.put(folder + nameOf(key), run.body, "absent")) copied += 1;
  }
  return copied;
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

/** What of a run's name is the same every night: pack, profile and part. */
const packIn = (name: string): string => name.replace(/^\d{8}T\d{6}Z-/, "");

/** `2026-W47`: the week of its Thursday, by ISO 8601. */
function weekOf(at: Date): string {
  const weekday = (at.getUTCDay() + 6) % 7;
  const thursday = new Date(at.getTime() + (3 - weekday) * day);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * day)) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

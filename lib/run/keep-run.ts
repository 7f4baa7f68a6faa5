import { encode } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { RunDocument } from "../core/report.ts";
import { remember } from "./memory.ts";

/** What a run's place is made of. */
type Kept = Pick<RunDocument["run"], "id" | "profile"> & { readonly startedAt: string };

/**
 * `runs/v1/profile=P/date=YYYY-MM-DD/<id>.json.gz`: immutable. The date is that of the id, which
 * begins with the time that the run was meant for: whoever makes it again finds the first.
 */
export const runKey = ({ run: { id, profile, startedAt } }: { readonly run: Kept }): string =>
  `runs/v1/profile=${profile}/date=${dateIn(id) ?? startedAt.slice(0, 10)}/${id}.json.gz`;

function dateIn(id: string): string | undefined {
  const { year, month, day } = /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T/.exec(id)?.groups ?? {};
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

/** Writes a run and what the next one needs to know of it. */
export async function keepRun(store: Store, document: RunDocument): Promise<void> {
  const key = runKey(document);
  await store.put(key, await encode(key, document), "absent");
  for (const report of document.reports) await remember(store, document, report);
}

import { encode } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { RunDocument } from "../core/report.ts";
import { remember } from "./memory.ts";

/** `runs/v1/profile=P/date=YYYY-MM-DD/<id>.json.gz`: immutable. */
export const runKey = ({ run }: Pick<RunDocument, "run">): string =>
  `runs/v1/profile=${run.profile}/date=${run.startedAt.slice(0, 10)}/${run.id}.json.gz`;

/** Writes a run and what the next one needs to know of it. */
export async function keepRun(store: Store, document: RunDocument): Promise<void> {
  const key = runKey(document);
  await store.put(key, await encode(key, document), "absent");
  for (const report of document.reports) await remember(store, document, report);
}

import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import type { Report, RunDocument } from "../../core/report.ts";
import { notify } from "../../incidents/notify.ts";
import type { Delivery, Trouble } from "../../incidents/outbox.ts";
import type { Words } from "../command.ts";
import { type Io, say } from "../io.ts";
import { incidentFleetOf } from "./fleet.ts";
import { isTakenIn } from "./taken-in.ts";

/**
 * Takes a run of this command line into the incidents of its targets; a deployment that has heard of
 * it does so itself, and tells at once.
 *
 * @param delivery absent where nobody takes alerts away: what is open waits for somebody who does
 */
export async function notifyRun(
  run: RunDocument,
  words: Words,
  io: Io,
  delivery?: Delivery,
): Promise<void> {
  const { store, policies } = await incidentFleetOf(words, io);
  const policyOf = await policies();
  const reports: Report[] = [];
  for (const report of run.reports) {
    if (!(await isTakenIn(store, report.target))) reports.push(report);
  }
  const own = { run: run.run, reports };
  tellTroubles(await notify(own, { store, policyOf, delivery, clock: io.clock }), io);
}

/** What did not go out, and why; it is tried again. */
export function tellTroubles(troubles: readonly Trouble[], io: Io): void {
  for (const { outlet, why, isKept } of troubles) {
    const then = isKept ? "it will be tried again" : "it is given up";
    say(io, printable(`pgvigil: ${outlet}: ${why} (${then})`));
  }
}

export const needed = (words: Words, flag: string, example: string): string => {
  const text = words.text(flag)?.trim();
  if (text !== undefined && text !== "") return text;
  throw new UsageError(`--${flag} is needed`, example);
};

import type { Config } from "../config/schema.ts";
import { decode, UnreadableDocument } from "../core/document.ts";
import { messageOf } from "../core/errors.ts";
import type { Clock, Store } from "../core/ports.ts";
import { type Report, type RunDocument, runSchema } from "../core/report.ts";
import { saidBy } from "../dispatch/order.ts";
import { isCalm, isWell, loadCalm } from "../incidents/calm.ts";
import { notify } from "../incidents/notify.ts";
import type { Delivery, Trouble } from "../incidents/outbox.ts";
import { runKey } from "../run/keep-run.ts";
import { isRemembered, remember } from "../run/memory.ts";
import { keepLook, openWatch } from "../watch/keep.ts";
import { readOpen } from "../watch/opened.ts";
import { policiesOf } from "./policies.ts";
import { tellRefused } from "./refused.ts";
import { rhythmOf } from "./rhythm.ts";
import { unreachableIn, withStates } from "./states.ts";
import { endThoseOver } from "./watch/tick.ts";

export interface TakingIn {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly delivery: Delivery;
}

export interface TakenIn {
  /** Absent where the run was refused. */
  readonly run?: RunDocument["run"];
  readonly unreachable: number;
  readonly troubles: readonly Trouble[];
}

/** What is written under this key is no run of that name: told, never taken in. */
class Disagreement extends Error {
  override readonly name = "Disagreement";
}

/**
 * Takes a stored run in: what checks remember, the incidents, what is said of them, and the watch
 * whose look it was. The same run may come twice, late, and beside others.
 *
 * @throws whatever the store throws: then the run has to be handed in again
 */
export async function takeIn(key: string, taking: TakingIn): Promise<TakenIn> {
  const { config, store, clock, delivery } = taking;
  let document: RunDocument;
  try {
    document = await readRun(store, key);
  } catch (error) {
    if (!(error instanceof UnreadableDocument || error instanceof Disagreement)) throw error;
    const refused = { key, why: messageOf(error), now: clock() };
    return { unreachable: 0, troubles: await tellRefused(refused, { store, delivery }) };
  }
  const run = await withStates(document, store);
  const goesBy = await passing(run, taking);
  for (const report of run.reports) {
    if (!isRemembered(report, run.run, clock())) await remember(store, run, report);
  }
  const reports = run.reports.filter((report) => !goesBy(report));
  const open = await readOpen(store);
  const policyOf = await policiesOf(config, store, open);
  const troubles = [
    ...(await notify({ run: run.run, reports }, { store, policyOf, delivery, clock })),
  ];
  if (run.run.profile === "watch") await keepLooks(run, store);
  troubles.push(...(await endThoseOver({ config, store, open, delivery, now: clock() })));
  return { run: run.run, unreachable: unreachableIn(run).length, troubles };
}

/** Which reports go by unwritten, if the fleet was swept lately. */
async function passing(
  { run, reports }: RunDocument,
  { config, store, clock }: TakingIn,
): Promise<(report: Report) => boolean> {
  const isFrequent = run.profile === "pulse" || run.profile === "hourly";
  if (!isFrequent || !reports.some(isWell)) return () => false;
  const calm = await loadCalm(store);
  const now = clock();
  const age = now.getTime() - Date.parse(calm.at);
  const isRecent = age <= 2 * rhythmOf(config, "pulse", now);
  return (report) => isRecent && isCalm(calm, run.profile, report);
}

/** @throws UnreadableDocument, Disagreement */
async function readRun(store: Store, key: string): Promise<RunDocument> {
  const stored = await store.get(key);
  if (stored === undefined) throw new Error(`${key} is not in ${store.place}`);
  const document = await decode(key, stored.body, runSchema);
  if (runKey(document) !== key) {
    throw new Disagreement(`${key} holds a run that calls itself ${document.run.id}`);
  }
  const said = saidBy(document.run.id);
  const strange = document.reports.find(
    ({ target }) => said !== undefined && target.environment !== said.environment,
  );
  if (strange !== undefined) {
    throw new Disagreement(`${key} holds a report of ${strange.target.environment}`);
  }
  if (said !== undefined && said.profile !== document.run.profile) {
    throw new Disagreement(`${key} holds a ${document.run.profile} run`);
  }
  return document;
}

async function keepLooks({ run, reports }: RunDocument, store: Store): Promise<void> {
  for (const report of reports) {
    const watch = await openWatch(store, report.target);
    if (watch !== undefined) await keepLook(store, watch, { run, report });
  }
}

import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import type { Bulletin, Outlet } from "../../lib/core/alert.ts";
import type { Store } from "../../lib/core/ports.ts";
import type { RunDocument } from "../../lib/core/report.ts";
import { putToSleep, wakeAll } from "../../lib/incidents/asleep.ts";
import type { IncidentDocument } from "../../lib/incidents/document.ts";
import { notify } from "../../lib/incidents/notify.ts";
import { step } from "../../lib/incidents/step.ts";
import { changeIncidents, loadIncidents } from "../../lib/incidents/stored.ts";
import { sweep } from "../../lib/incidents/sweep.ts";
import { tick } from "../../lib/incidents/tick.ts";
import { policy, renderers, target } from "./fleet.ts";
import { type Look, looksOf } from "./histories.ts";

const rules = policy({
  times: { critical: "now", warning: "now", notice: "never" },
  looks: looksOf,
});

type Break = Look["crash"];

/** What is around the pure part: keeps the document, takes messages away, and breaks. */
export interface Shell {
  /** Every bulletin that an outlet got, repeats included. */
  readonly sent: readonly Bulletin[];
  /** Ids of all that ever was in an outbox. */
  readonly put: ReadonlySet<string>;
  /** Several at once, where there are several. Breaks as it is told to. */
  take(runs: readonly RunDocument[], now: Date, crash: Break): Promise<void>;
  sweep(now: Date): Promise<void>;
  change(to: (now: IncidentDocument) => IncidentDocument): Promise<void>;
  document(): Promise<IncidentDocument | undefined>;
}

/**
 * Without any store: what compare-and-swap and an outbox amount to. Of two writers one is first; a
 * crash loses what was not written, and what was written is sent again.
 *
 * @param sleepsFrom so many incidents of a check are put to sleep
 */
export function pureShell(sleepsFrom?: number): Shell {
  let document: IncidentDocument | undefined;
  const sent: Bulletin[] = [];
  const put = new Set<string>();
  const keep = (next: IncidentDocument | undefined) => {
    document = next && putToSleep(next, sleepsFrom);
    for (const { bulletin } of next?.outbox ?? []) put.add(bulletin.id);
  };
  /** @param most how many go out before it breaks, and whether that is noted */
  const drain = (most = Number.POSITIVE_INFINITY, isNoted = true) => {
    const outbox = document?.outbox ?? [];
    sent.push(...outbox.slice(0, most).map(({ bulletin }) => bulletin));
    if (document !== undefined && isNoted) document = { ...document, outbox: outbox.slice(most) };
  };
  return {
    sent,
    put,
    async take(runs, now, crash) {
      for (const [i, run] of runs.entries()) {
        const breaks = i === 0 ? crash : null;
        const [report] = run.reports;
        if (report === undefined || (breaks?.at === 0 && !breaks.takesEffect)) continue;
        keep(step(document, { run: run.run, report }, { policy: rules, tells: true, now }));
        if (breaks === null) drain();
        else drain(breaks.at, breaks.takesEffect);
      }
    },
    async sweep(now) {
      keep(tick(document, { at: now.toISOString(), target, policy: rules, tells: true }));
      drain();
    },
    async change(to) {
      if (document !== undefined) keep(to(wakeAll(document)));
    },
    document: async () => document && wakeAll(document),
  };
}

class Crash extends Error {}

/** Over a store that breaks at any call, before or after it did what it was asked, and an outlet. */
export function storeShell(): Shell {
  const inner = memoryStore();
  const sent: Bulletin[] = [];
  const put = new Set<string>();
  let left = Number.POSITIVE_INFINITY;
  let takesEffect = false;
  let outletBreaks: "before" | "after" | undefined;
  let nonce = 0;
  const fragile = async <T>(call: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left >= 0) return call();
    left = Number.POSITIVE_INFINITY;
    if (takesEffect) await call();
    throw new Crash();
  };
  const store: Store = {
    ...inner,
    get: (key) => fragile(() => inner.get(key)),
    put: (key, body, condition) =>
      fragile(async () => {
        const isTaken = await inner.put(key, body, condition);
        const written: IncidentDocument = JSON.parse(new TextDecoder().decode(body));
        if (isTaken) for (const { bulletin } of written.outbox) put.add(bulletin.id);
        return isTaken;
      }),
  };
  const outlet: Outlet = {
    name: "test",
    async send({ body }) {
      const fails = outletBreaks;
      outletBreaks = undefined;
      if (fails !== "before") sent.push(JSON.parse(body));
      if (fails !== undefined) throw new Crash();
    },
  };
  const how = (now: Date) => ({
    ...{ store, policyOf: () => rules, delivery: { renderers, outlets: [outlet] } },
    clock: () => now,
    nonce: () => {
      nonce += 1;
      return String(nonce);
    },
  });
  return {
    sent,
    put,
    async take(runs, now, crash) {
      if (crash?.where === "store") [left, takesEffect] = [crash.at, crash.takesEffect];
      if (crash?.where === "outlet") outletBreaks = crash.takesEffect ? "after" : "before";
      const all = await Promise.allSettled(runs.map((run) => notify(run, how(now))));
      left = Number.POSITIVE_INFINITY;
      outletBreaks = undefined;
      for (const each of all) {
        if (each.status === "rejected" && !(each.reason instanceof Crash)) throw each.reason;
      }
    },
    async sweep(now) {
      await sweep({ ...how(now), targets: [target] });
    },
    async change(to) {
      await changeIncidents(store, target, (now) => now && to(now), how(new Date()).nonce);
    },
    document: () => loadIncidents(inner, target),
  };
}

import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { known } from "../../../lib/cli/known.ts";
import { parseConfig } from "../../../lib/config/load.ts";
import { targetsOf } from "../../../lib/config/targets.ts";
import type { Message } from "../../../lib/core/alert.ts";
import { encode } from "../../../lib/core/document.ts";
import type { RunDocument } from "../../../lib/core/report.ts";
import { lastBefore, scheduleOf } from "../../../lib/core/schedule.ts";
import type { Watch } from "../../../lib/core/watch.ts";
import type { IncidentDocument } from "../../../lib/incidents/document.ts";
import { drain, post } from "../../../lib/incidents/outbox.ts";
import type { Policy } from "../../../lib/incidents/policy.ts";
import { step } from "../../../lib/incidents/step.ts";
import { changeIncidents, loadIncidents } from "../../../lib/incidents/stored.ts";
import { tick } from "../../../lib/incidents/tick.ts";
import { renderDigest } from "../../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { plainOf } from "../../../lib/render/alerts/plain.ts";
import type { ChosenCheck } from "../../../lib/run/judge.ts";
import { sendDigest } from "../../../lib/service/digest.ts";
import { policiesOf } from "../../../lib/service/policies.ts";
import { type ServedTarget, servedBy } from "../../../lib/service/targets.ts";
import { verdictBulletin } from "../../../lib/watch/bulletin.ts";
import { due } from "../../../lib/watch/due.ts";
import { recorded } from "../../../lib/watch/look.ts";
import { begun, type Open, openKey, watchOf, without } from "../../../lib/watch/opened.ts";
import { defaultLength, defaultPhases, phasesFor } from "../../../lib/watch/phases.ts";
import { closed } from "../../../lib/watch/verdict.ts";
import { type Database, databaseOf, isAtWork, sinceRelease } from "./database.ts";
import { type Answers, answersOf, type Fault } from "./evidence.ts";
import { chosenFor, type Kind, lookAt, type Memory } from "./look.ts";
import { deployedAfter } from "./schema.ts";
import { dateAt, hour, isoAt, length, sayMinute, timeOfDay } from "./time.ts";

/** One database of the fleet while the fortnight is played. */
interface Played {
  readonly database: Database;
  readonly served: ServedTarget;
  readonly answers: Answers;
  readonly isFaulty: boolean;
  readonly chosen: Map<Kind, readonly ChosenCheck[]>;
  readonly memory: Memory;
  document: IncidentDocument | undefined;
  watch: Watch | undefined;
}

interface Sent {
  /** `Thu 05 14:15 [CRITICAL] production/db-01 activity/idle-in-transaction`. */
  readonly says: string;
  readonly message: Message;
}

function sayMail(minute: number, { subject = "", attributes }: Message): string {
  const [, tag] = /^\[([^\]]*)\]/.exec(subject) ?? [];
  const { target, check } = attributes;
  const about = [...(target === undefined ? [] : [target]), check ?? []].flat().join(" ");
  return `${sayMinute(minute)} [${tag}] ${about}`.trimEnd();
}

/** A fortnight of a fleet, minute by minute; what is sent comes back. */
export async function play(
  text: string,
  fleet: number,
  faults: Readonly<Record<string, Fault>> = {},
) {
  const config = parseConfig(text, "pgvigil.config.yaml", known);
  const store = memoryStore();
  let minute = -2 * hour;
  const sent: Sent[] = [];
  const outlet = {
    name: "test",
    async send(message: Message) {
      if (message.topic === "alerts") sent.push({ says: sayMail(minute, message), message });
    },
  };
  const renderers = { bulletin: renderBulletin, digest: renderDigest, plain: plainOf };
  const delivery = { renderers, outlets: [outlet] };
  const all = targetsOf(config).map((each, i): Played => {
    const database = databaseOf(i + 1);
    const fault = faults[database.name];
    return {
      ...{ database, served: servedBy(config, each), answers: answersOf(database, fault) },
      ...{ isFaulty: fault !== undefined, chosen: new Map(), document: undefined },
      ...{ memory: { last: new Map(), before: new Map() }, watch: undefined },
    };
  });
  if (all.length !== fleet) throw new Error(`${all.length} targets, not ${fleet}`);
  let open: Open = { schemaVersion: 1, nonce: "", watches: {} };
  let policyOf: (target: ServedTarget["target"]) => Policy = await policiesOf(config, store);
  const looks = { pulse: 0, hourly: 0, nightly: 0, watch: 0 };

  const setOpen = async (next: Open) => {
    open = next;
    await store.put(openKey, await encode(openKey, open));
    policyOf = await policiesOf(config, store);
  };
  const save = (one: Played) =>
    changeIncidents(store, one.served.target, (now) => one.document ?? now);
  const flush = async (one: Played, document: IncidentDocument | undefined) => {
    await drain(store, document && { document }, delivery);
    one.document = await loadIncidents(store, one.served.target);
  };
  const becomes = async (one: Played, next: IncidentDocument) => {
    one.document = next;
    if (next.outbox.length > 0) await flush(one, await save(one));
  };
  const look = (one: Played, kind: Kind): RunDocument => {
    const { chosen, watch } = one;
    const checks = chosen.get(kind) ?? chosenFor(config, one.served, kind);
    chosen.set(kind, checks);
    const run = lookAt(minute, { ...one, kind, checks, watch: watch?.id });
    looks[run.run.profile] += 1;
    return run;
  };
  const takeIn = async (one: Played, { run, reports }: RunDocument) => {
    const how = { policy: policyOf(one.served.target), tells: true, now: dateAt(minute) };
    for (const report of reports) await becomes(one, step(one.document, { run, report }, how));
  };

  /** A deployment is prepared, begins its watch when it is through, and is told of at the end. */
  const watching = async (one: Played) => {
    const { target } = one.served;
    const since = sinceRelease(one.database, minute);
    const wish = {
      ...{ target, deploy: "release-42", by: "ci@example.com", now: dateAt(minute) },
      ...{ phases: phasesFor(defaultPhases, defaultLength), id: `${one.database.name}/1` },
    };
    if (since === 0) {
      const beginning = begun(open, { ...wish, kind: "prepare" });
      await setOpen(beginning.open);
      one.watch = watchOf(beginning.entry);
      one.memory.before = new Map();
      await takeIn(one, look(one, "before"));
      return;
    }
    if (one.watch === undefined) return;
    if (since === deployedAfter) {
      const beginning = begun(open, { ...wish, kind: "start" });
      await setOpen(beginning.open);
      one.watch = watchOf(beginning.entry, one.watch);
    }
    const what = due(one.watch, dateAt(minute));
    if (what.is === "look") {
      const run = look(one, what.place);
      await takeIn(one, run);
      for (const report of run.reports) one.watch = recorded(one.watch, run, report);
    }
    if (what.is !== "closing") return;
    const watch = closed(one.watch, dateAt(minute), { because: what.because });
    const bulletin = verdictBulletin(watch);
    await save(one);
    if (bulletin !== undefined) await flush(one, await post(store, bulletin));
    await setOpen(without(open, watch));
    one.watch = undefined;
    one.memory.before = new Map();
  };

  const digests = scheduleOf(config.alerts?.digest ?? "0 8 * * 1-5", config.timezone);
  const clock = () => dateAt(minute);
  for (; minute <= length; minute += 5) {
    for (const one of all) {
      await watching(one);
      if (hasPulse(one, minute)) await takeIn(one, look(one, "pulse"));
      if (hasHourly(one, minute)) await takeIn(one, look(one, "hourly"));
      if (timeOfDay(minute) === 3 * hour) await takeIn(one, look(one, "nightly"));
      if (one.document === undefined || minute % (one.isFaulty ? hour : 3 * hour) !== 0) continue;
      const { target } = one.served;
      const moment = { at: isoAt(minute), target, policy: policyOf(target), tells: true };
      const next = tick(one.document, moment);
      if (next !== one.document) await becomes(one, next);
    }
    if (lastBefore(digests, dateAt(minute))?.getTime() !== dateAt(minute).getTime()) continue;
    for (const one of all) await save(one);
    await sendDigest(isoAt(minute), { config, store, clock, delivery });
    for (const one of all) one.document = await loadIncidents(store, one.served.target);
  }
  return { sent, looks };
}

/**
 * While a job works one of three pulses, around a release each; else, when nothing moves but the
 * number of sessions, one in four hours. Of db-08, and of one with a fault, all of them.
 */
function hasPulse({ database, isFaulty }: Played, minute: number): boolean {
  const since = sinceRelease(database, minute);
  if (isFaulty || database.number === 8 || (since >= 0 && since <= hour)) return true;
  return minute % (4 * hour) === 0 || (minute % 15 === 0 && isAtWork(database, minute));
}

/** By night and on the day of a release; else one of three. */
function hasHourly({ database, isFaulty }: Played, minute: number): boolean {
  if (minute % hour !== 0) return false;
  const isNight = timeOfDay(minute) <= 6 * hour;
  const isReleased = Math.abs(sinceRelease(database, minute)) < 12 * hour;
  return isFaulty || isNight || isReleased || minute % (3 * hour) === 0;
}

import fleet from "../../../bench/fleet.json" with { type: "json" };
import lambda from "../../../bench/lambda.json" with { type: "json" };
import { durationOf, type Piece } from "../../../bench/support/lambda-sizes.ts";
import { memory } from "../../../lib/constructs/memory.ts";
import { longestPass } from "../../../lib/incidents/calm.ts";
import type { Prices } from "./prices.ts";

/** Requests of one tick: what each tick asks, each pack, and each database. */
interface Parts {
  readonly tick: number;
  readonly pack: number;
  readonly database: number;
}

type Profile = "pulse" | "hourly" | "nightly";
type Phase = "dispatch" | "examine" | "notify";
type Counted = (typeof fleet.counted)[number];

const hours = 730;

/** Ticks of a month. */
const ticks: Readonly<Record<Profile, number>> = {
  ...{ pulse: hours * 12, hourly: hours, nightly: hours / 24 },
};

/**
 * Of the invocations at each pulse one in so many finds no process that it could go on in: Lambda
 * gives each an end, after some two hours as far as anybody saw.
 */
export const pulsesOfAProcess = 24;

const requestsIn = (
  counted: Counted,
  tick: keyof Counted["ticks"],
  phase: Phase,
  names: RegExp,
): number =>
  Object.entries(counted.ticks[tick].requests[phase])
    .filter(([name]) => names.test(name))
    .reduce((sum, [, times]) => sum + times, 0);

/** From a fleet of one, of one pack, and of two. */
function partsOf(tick: keyof Counted["ticks"], names: RegExp): Parts {
  const phases: readonly Phase[] = ["dispatch", "examine", "notify"];
  const [one, pack, two] = fleet.counted.map((counted) =>
    phases.reduce((sum, phase) => sum + requestsIn(counted, tick, phase, names), 0),
  );
  if (one === undefined || pack === undefined || two === undefined) throw new Error("three sizes");
  const database = (pack - one) / 24;
  const perPack = two - pack - 25 * database;
  return { database, pack: perPack, tick: one - perPack - database };
}

function pieceOf(profile: Profile, phase: Phase) {
  const name = `${phase}, ${profile}`;
  const piece = Object.values<Piece>(lambda.pieces).find((each) => each.name === name);
  if (piece === undefined) throw new Error(`bench/lambda.json has no ${name}`);
  return piece;
}

/** Seconds of a GB that an invocation costs. */
function gbSeconds(profile: Profile, phase: Phase): number {
  const lane = profile === "pulse" ? "pulse" : "deep";
  const megabytes = memory[phase === "examine" ? lane : phase];
  const { cpuMs, startMs, waitMs } = pieceOf(profile, phase);
  // An hour is longer than Lambda keeps a process that nobody calls.
  const share = phase === "examine" && profile !== "pulse" ? 1 : 1 / pulsesOfAProcess;
  const duration = durationOf({ cpuMs: cpuMs + share * startMs, waitMs }, megabytes);
  return (megabytes / 1024) * (duration / 1000);
}

/** What CloudWatch adds to each event. */
const ofALine = 26;

const logGb = (profile: Profile, phase: Phase): number =>
  (pieceOf(profile, phase).logBytes + ofALine) / 1e9;

const put = /PUT|LIST/;
const get = /GET|HEAD/;

/** Dollars a month by what they are paid for, of one part of the bill. */
export type Bill = Readonly<Record<string, number>>;

/** A month's dollars that each tick, each full pack of 25 and each database brings. */
export function monthly(price: Prices): Readonly<Record<keyof Parts, Bill>> {
  const bills: Record<keyof Parts, Record<string, number>> = { tick: {}, pack: {}, database: {} };
  const add = (part: keyof Parts, what: string, dollars: number) => {
    bills[part][what] = (bills[part][what] ?? 0) + dollars;
  };
  for (const profile of ["pulse", "hourly", "nightly"] as const) {
    const times = ticks[profile];
    for (const [names, each, what] of [
      [put, price.put, `S3 PUT and LIST, ${profile}`],
      [get, price.get, `S3 GET, ${profile}`],
      [/SendMessage/, price.sqs, "SQS"],
    ] as const) {
      const parts = partsOf(profile, names);
      for (const part of ["tick", "pack", "database"] as const) {
        add(part, what, parts[part] * each * times);
      }
    }
    const of = (phase: Phase) => gbSeconds(profile, phase) * price.gbSecond + price.invocation;
    add("tick", "Lambda", of("dispatch") * times);
    add("pack", `Lambda, ${profile}`, (of("examine") + of("notify")) * times);
    // Ten orders are sent at once, and received and deleted each; so is a notice of the run.
    add("pack", "SQS", (0.1 + 2 + 3) * price.sqs * times);
    add(
      "pack",
      "logs",
      (logGb(profile, "examine") + logGb(profile, "notify")) * price.logGb * times,
    );
    add("tick", "logs", logGb(profile, "dispatch") * price.logGb * times);
    add("tick", "ticks", price.tick * times);
  }
  // What is calm is written down in so many hours, of pulses and of hourly looks, and is then read
  // by the next sweep. As counted at such a pulse, beyond an ordinary one.
  const rewritten = (2 * hours * 3_600_000) / longestPass;
  for (const [names, each] of [
    [put, price.put],
    [get, price.get],
  ] as const) {
    const more = partsOf("written", names).database - partsOf("pulse", names).database;
    add("database", "S3, what is calm written down", more * each * rewritten);
  }
  // Pollers of Lambda ask each of three queues with five connections every 20 seconds.
  add("tick", "SQS, asking empty queues", 3 * 5 * 3 * 60 * hours * price.sqs);
  // Runs of a week, 30 KB each; with bucket keys KMS is hardly asked.
  add("pack", "storage", 7 * (288 + 24 + 4) * 30e-6 * price.storedGb);
  add("tick", "KMS requests", 20_000 * price.kms);
  return bills;
}

/**
 * Dollars a database and month where the bucket tells EventBridge: of each run that it was made, that
 * it expired (a marker), that its version went, and the marker.
 */
export const eventsOfRuns = (price: Prices): number =>
  (4 * price.event * (ticks.pulse + ticks.hourly + ticks.nightly)) / 25;

export const sum = (bill: Bill): number => Object.values(bill).reduce((a, b) => a + b, 0);

/**
 * What stands there whether it looks or not; the dashboard aside. Counted in the template. A metric is
 * paid for by the hours in which it is sent: of a night that is one in 24.
 */
export const standing = (price: Prices): Bill => ({
  "KMS key": price.key,
  "18 alarms": 18 * price.alarm,
  "4 metrics, one of them once a day": (3 + 1 / 24) * price.metric,
});

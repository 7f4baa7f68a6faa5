import fleet from "../../../bench/fleet.json" with { type: "json" };
import lambda from "../../../bench/lambda.json" with { type: "json" };
import { durationOf } from "../../../bench/support/lambda-sizes.ts";
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

/** Ticks of a month of 730 hours. */
const ticks: Readonly<Record<Profile, number>> = {
  ...{ pulse: 730 * 12, hourly: 730, nightly: 730 / 24 },
};

/** MB, as the stack has them. */
const memory: Readonly<Record<Phase, (profile: Profile) => number>> = {
  dispatch: () => 256,
  examine: (profile) => (profile === "pulse" ? 256 : 512),
  notify: () => 256,
};

const requestsIn = (counted: Counted, profile: Profile, phase: Phase, names: RegExp): number =>
  Object.entries(counted.ticks[profile].requests[phase])
    .filter(([name]) => names.test(name))
    .reduce((sum, [, times]) => sum + times, 0);

/** From a fleet of one, of one pack, and of two. */
function partsOf(profile: Profile, names: RegExp, phase?: Phase): Parts {
  const phases: readonly Phase[] =
    phase === undefined ? ["dispatch", "examine", "notify"] : [phase];
  const [one, pack, two] = fleet.counted.map((counted) =>
    phases.reduce((sum, each) => sum + requestsIn(counted, profile, each, names), 0),
  );
  if (one === undefined || pack === undefined || two === undefined) throw new Error("three sizes");
  const database = (pack - one) / 24;
  const perPack = two - pack - 25 * database;
  return { database, pack: perPack, tick: one - perPack - database };
}

/** Seconds of a GB that an invocation costs. */
function gbSeconds(profile: Profile, phase: Phase): number {
  const megabytes = memory[phase](profile);
  const name = `${phase}, ${profile}`;
  const piece = Object.values<{ name: string; cpuMs: number; peakMb: number }>(lambda.pieces).find(
    (each) => each.name === name,
  );
  if (piece === undefined) throw new Error(`bench/lambda.json has no ${name}`);
  return (megabytes / 1024) * (durationOf(piece, megabytes) / 1000);
}

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
    ] as const) {
      const parts = partsOf(profile, names);
      for (const part of ["tick", "pack", "database"] as const) {
        add(part, what, parts[part] * each * times);
      }
    }
    const of = (phase: Phase) => gbSeconds(profile, phase) * price.gbSecond + price.invocation;
    add("tick", "Lambda", of("dispatch") * times);
    add("pack", `Lambda, ${profile}`, (of("examine") + of("notify")) * times);
    // An order and a notice of the run: sent, received and deleted each; and the bucket's event.
    add("pack", "SQS and events", (6 * price.sqs + price.event) * times);
    // Five lines of a function: about 3 KB.
    add("pack", "logs", 2 * 3e-6 * price.logGb * times);
    add("tick", "logs", 3e-6 * price.logGb * times);
    add("tick", "ticks", price.tick * times);
  }
  // Pollers of Lambda ask each of three queues with five connections every 20 seconds.
  add("tick", "SQS, asking empty queues", 3 * 5 * 3 * 60 * 730 * price.sqs);
  // Runs of a week, 30 KB each; with bucket keys KMS is hardly asked.
  add("pack", "storage", 7 * (288 + 24 + 4) * 30e-6 * price.storedGb);
  add("tick", "KMS requests", 20_000 * price.kms);
  return bills;
}

export const sum = (bill: Bill): number => Object.values(bill).reduce((a, b) => a + b, 0);

/** What stands there whether it looks or not; the dashboard aside. Counted in the template. */
export const standing = (price: Prices): Bill => ({
  "KMS key": price.key,
  "18 alarms": 18 * price.alarm,
  "7 metrics": 7 * price.metric,
});

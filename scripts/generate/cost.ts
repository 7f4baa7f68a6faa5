import fleet from "../../bench/fleet.json" with { type: "json" };
import lambda from "../../bench/lambda.json" with { type: "json" };
import { memory } from "../../lib/constructs/memory.ts";
import { type Bill, eventsOfRuns, monthly, pulsesOfAProcess, standing, sum } from "./cost/model.ts";
import { type Prices, prices } from "./cost/prices.ts";

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
const cents = (amount: number): string => `${(100 * amount).toFixed(2)} ct`;

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    row(...head),
    `|---|${"---:|".repeat(head.length - 1)}`,
    ...rows.map((cells) => row(...cells)),
  ].join("\n");

interface Month {
  readonly fixed: number;
  readonly margin: number;
}

function monthOf(price: Prices): Month {
  const { tick, pack, database } = monthly(price);
  return {
    fixed: sum(standing(price)) + sum(tick),
    margin: sum(pack) / 25 + sum(database),
  };
}

const total = (price: Prices, databases: number): number => {
  const { pack, database } = monthly(price);
  return monthOf(price).fixed + Math.ceil(databases / 25) * sum(pack) + databases * sum(database);
};

/** What a database costs at the margin, by what it is paid for. */
function marginRows(price: Prices): readonly (readonly string[])[] {
  const { pack, database } = monthly(price);
  const all: Record<string, number> = {};
  const add = (bill: Bill, share: number) => {
    for (const [what, amount] of Object.entries(bill))
      all[what] = (all[what] ?? 0) + amount / share;
  };
  add(pack, 25);
  add(database, 1);
  return Object.entries(all)
    .sort(([, a], [, b]) => b - a)
    .filter(([, amount]) => amount > 0.000005)
    .map(([what, amount]) => [what, cents(amount)]);
}

const frankfurt = prices["eu-central-1"];
const virginia = prices["us-east-1"];
const month = monthOf(frankfurt);
/** 57 looks in 48 hours, by `lib/watch/phases.ts`; a look alone in its pack writes about 5 objects. */
const watch = (price: Prices): number => 57 * (5 * price.put + 20 * price.get + 2.5e-6 * 4);

/** Round trips of a look by pulse: TCP, TLS, login, and its questions. Counted through the proxy of the benchmark. */
const roundTrips = 11;

/** Dollars a database and month at pulses, where databases are so many milliseconds farther away. */
const longer = (milliseconds: number): number =>
  8760 * roundTrips * (milliseconds / 1000) * (memory.pulse / 1024) * frankfurt.gbSecond;

const verdict = (is: number, goal: number, say: (amount: number) => string): string =>
  is <= goal ? "met" : `missed by ${say(is - goal)}`;

export const costPage = (): string => `# What it costs on AWS

Dollars a month of 730 hours at the default rhythm: a pulse every 5 minutes, hourly, nightly. Made by
\`npm run generate\` of what is measured: requests by \`node bench/fleet.ts --write\`
(\`bench/fleet.json\`: PostgreSQL ${fleet.postgres}), CPU time and memory by
\`node bench/lambda.ts --write\` (\`bench/lambda.json\`: Node ${lambda.node}). No bill of an account has
been held against it yet.

${table(
  ["", "10 databases", "100", "1,000", "fixed", "each further one"],
  (["eu-central-1", "us-east-1"] as const).map((region) => [
    region,
    ...[10, 100, 1000].map((databases) => dollars(total(prices[region], databases))),
    dollars(monthOf(prices[region]).fixed),
    cents(monthOf(prices[region]).margin),
  ]),
)}

The goal: under 1 ct a database at the margin, ${verdict(month.margin, 0.01, cents)}; at most $5
fixed, ${verdict(month.fixed, 5, dollars)}. No free tier is taken off (10 alarms, 10 metrics, 1,000,000
invocations, 400,000 GB-seconds, 1,000,000 requests of SQS a month, as long as nothing else of the
account uses them up).

## A database, in eu-central-1

With packs of 25 databases that are well, and a schema that did not change:

${table(["paid for", "a month"], marginRows(frankfurt))}

A calm look writes one object a pack, by pulse and by hour: that nothing is wrong, and what did not
change since, is not written down for each database (\`lib/incidents/calm.ts\`,
\`lib/service/past-of-hour.ts\`) but once a day. A database with something open is written at each
look, which is about ${cents(9490 * (frankfurt.put + 3 * frankfurt.get))} more for a month in which it never ends.

Where pulses every 10 minutes will do (\`profiles.pulse.every\`), all that is of the pulse is half.

## The size of the functions

Dispatch, notify and the examiner of pulses have ${memory.pulse} MB, the other examiners and the digest ${memory.deep}. On a pack of 25
databases of one server, one of ${lambda.tables.toLocaleString("en-US")} tables, reached by TLS and a password:

${table(
  ["", "CPU ms", "to start", "waits ms", "log bytes", "peak MB"],
  Object.values(lambda.pieces).map(({ name, cpuMs, startMs, waitMs, logBytes, peakMb }) => [
    name,
    ...[cpuMs, startMs, waitMs, logBytes, peakMb].map((figure) => figure.toFixed(0)),
  ]),
)}

CPU time of pulses is the median from the fifth on, in processes that stay, as Lambda's do that are called
every 5 minutes; that of the examiner of hours and nights is of a process just started. To start is what a
process just started takes beyond that: it loads, and nothing of it is compiled.

What works costs the same at every size, as Lambda gives the processor by the memory; what waits costs
by the size. So the smallest with room is the cheapest: \`node bench/lambda.ts\` prints each.

## What is fixed, in eu-central-1

${table(
  ["paid for", "a month"],
  [
    ...Object.entries(standing(frankfurt)),
    ...Object.entries(monthly(frankfurt).tick).filter(([, amount]) => amount > 0.005),
  ].map(([what, amount]) => [what, dollars(amount)]),
)}

One network; each further one is two functions and two queues: 6 alarms, ${dollars(6 * frankfurt.alarm)}. The
dashboard is free where the account has at most three, and ${dollars(frankfurt.dashboard)} elsewhere.

## What comes on top

| | a month |
|---|---:|
| a token of IAM | nothing: it is signed in the function |
| a secret, each | ${dollars(frankfurt.secret)}, and ${cents(8760 * frankfurt.secretCall)} at most for asking at each pulse |
| a watch of 48 hours, each | ${cents(watch(frankfurt))} (estimated, not counted) |
| the same each week, a database | ${cents((watch(frankfurt) * 365) / 12 / 7)} (estimated, not counted) |
| the endpoint of Secrets Manager, a zone | ${dollars(730 * frankfurt.endpointHour)} (us-east-1: ${dollars(730 * virginia.endpointHour)}) |
| the endpoint of S3 | nothing |
| a bucket that you give, a database | ${cents(eventsOfRuns(frankfurt))} for the events of EventBridge that tell of runs and of their end |
| 1,000 mails of SNS | ${cents(0.02)}; by HTTPS ${cents(0.0006)} |

## What is assumed

- CPU times and waits were measured on x86 at a load of ${lambda.load} on two processors (about 2 is the benchmark
  itself; above it both are too long), and Lambda stretches them by 1769 MB / the size of the function. Of
  ${pulsesOfAProcess} invocations at pulses one finds no process that it could go on in; at each hour and night the
  examiner finds none.
- Databases are ${lambda.distances.database} ms away and S3 ${lambda.distances.aws}: that is how long a round trip takes, and what is waited for is
  measured so. Databases of one server are looked at one after the other, so that one server is the
  longest wait; each millisecond more is ${cents(longer(1))} a database and month, at pulses.
- A run object of 25 databases is 30 KB. Of Lambda's own lines only those of failures are logged.
- Three queues are asked by five pollers each, every 20 seconds.
- Prices as of November 2026: Lambda on Arm from https://aws.amazon.com/lambda/pricing/ and pages that
  quote it; all others from general knowledge of the price lists of S3, SQS, KMS, CloudWatch, SNS,
  EventBridge, Secrets Manager and PrivateLink. They stand in \`scripts/generate/cost/prices.ts\`; hold
  them against https://calculator.aws before you rely on a cent.
`;

const sentence = /about [\d.]+ cents? a database and month beside \$[\d.]+ for all/;

/** The README with what this page says, in a sentence. */
export function withCost(readme: string): string {
  if (!sentence.test(readme)) throw new Error("README.md has no sentence about what it costs");
  const [each, all] = [(100 * month.margin).toFixed(1), month.fixed.toFixed(2)];
  return readme.replace(
    sentence,
    `about ${each} cents a database and month beside $${all} for all`,
  );
}

import fleet from "../../bench/fleet.json" with { type: "json" };
import lambda from "../../bench/lambda.json" with { type: "json" };
import { type Bill, monthly, standing, sum } from "./cost/model.ts";
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

The goal was under 1 ct a database at the margin: ${verdict(month.margin, 0.01, cents)}; and at most $5
fixed: ${verdict(month.fixed, 5, dollars)}. No free tier is taken off (10 alarms, 10 metrics, 1,000,000
invocations, 400,000 GB-seconds, 1,000,000 requests of SQS a month, as long as nothing else of the
account uses them up).

## A database, in eu-central-1

With packs of 25 databases that are well, and a schema that did not change:

${table(["paid for", "a month"], marginRows(frankfurt))}

A calm pulse writes one object a pack and reads six: that nothing is wrong is not written down for each
database (\`lib/incidents/calm.ts\`). A database with something open is written at each look, which is
about ${cents(8760 * (2 * frankfurt.put + 4 * frankfurt.get))} more for a month in which it never ends. At each hour what
the checks remember is written for each database: of all objects these are the most.

What drives it beyond the goal: the time of functions at each pulse, and the hourly memory. Where
pulses every 10 minutes will do (\`profiles.pulse.every\`), all that is of the pulse is half.

## The size of the functions

Dispatch, notify and the examiner of pulses have 256 MB, the other examiners and the digest 512. On a pack of 25
databases, one of ${lambda.tables.toLocaleString("en-US")} tables, the first time in a process just started:

${table(
  ["", "CPU ms", "peak MB"],
  Object.values(lambda.pieces).map(({ name, cpuMs, peakMb }) => [
    name,
    cpuMs.toFixed(0),
    peakMb.toFixed(0),
  ]),
)}

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
| 1,000 mails of SNS | ${cents(0.02)}; by HTTPS ${cents(0.0006)} |

## What is assumed

- A function waits 1 second for 25 databases and S3 (examine), 0.2 seconds for S3 (the others), beside
  its CPU time, which Lambda stretches by 1769 MB / its size. CPU times are those above:
  of a first invocation, on a busy machine of x86, so that a function that stays warm needs less.
  Loading is not in them: functions that are called every 5 minutes mostly stay.
- A run object of 25 databases is 30 KB, a function logs 3 KB.
- Prices as of November 2026: Lambda on Arm from https://aws.amazon.com/lambda/pricing/ and pages that
  quote it; all others from general knowledge of the price lists of S3, SQS, KMS, CloudWatch, SNS,
  EventBridge, Secrets Manager and PrivateLink. They stand in \`scripts/generate/cost/prices.ts\`; hold
  them against https://calculator.aws before you rely on a cent.
`;

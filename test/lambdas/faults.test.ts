import { expect, test } from "vitest";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import type { Call } from "../support/aws/faults.ts";
import { faultKinds } from "../support/aws/faults.ts";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";

/** Nobody listens there: what has to be told needs no database. */
const nowhere = "postgres://vigil:x@127.0.0.1:1";
const config = configFor({ "production/shop": `${nowhere}/shop` });
const now = new Date("2026-11-20T12:00:00Z");

/** What a tick makes, once everything came that comes again. */
async function whole(here: Deployment): Promise<void> {
  await here.tick("pulse").catch(() => undefined);
  await here.examine();
  await here.notify();
}

/** One run, one incident, one mail, which may come twice. */
async function holdsAll(here: Deployment): Promise<void> {
  const runs = await here.runs();
  expect(runs.map(({ run }) => run.id)).toEqual([
    expect.stringMatching(/^20261120T120000Z-production=[0-9a-f]{8}-pulse-0$/),
  ]);
  const document = await loadIncidents(here.store, { environment: "production", name: "shop" });
  expect(Object.values(document?.incidents ?? {})).toMatchObject([{ state: "open" }]);
  expect(document?.outbox).toEqual([]);
  expect(new Set(here.mails()).size).toBe(1);
  const events = here.aws.topics.published.filter(({ topic }) => topic.endsWith(":events"));
  expect(new Set(events.map(({ message }) => JSON.parse(message).alert.id)).size).toBe(1);
  expect(here.aws.queues.dead).toEqual([]);
  expect(here.aws.queues.of("runs")).toEqual([]);
}

async function callsOf(): Promise<number> {
  await using here = await deployment(config, { now });
  await whole(here);
  await holdsAll(here);
  expect(here.mails()).toHaveLength(1);
  return here.aws.calls.length;
}

const calls = await callsOf();

test("the whole chain asks AWS for no more than it has to", () => {
  expect(calls).toBeLessThanOrEqual(26);
});

test.each(faultKinds)("%s at every call is made good by asking again", async (kind) => {
  await using here = await deployment(config, { now });
  // Every other one, so that each call fails once, and is asked again.
  here.aws.faults.plan(kind, ({ nth }) => nth % 2 === 0, Number.POSITIVE_INFINITY);
  await whole(here);
  await holdsAll(here);
  expect(here.mails()).toHaveLength(kind === "lost-reply" ? here.mails().length : 1);
});

const from =
  (n: number) =>
  ({ nth }: Call): boolean =>
    nth >= n;
const forEver = Number.POSITIVE_INFINITY;

/** What may happen at a call, where no client asks again. */
const accidents: Readonly<Record<string, (here: Deployment, n: number) => void>> = {
  "refused once at": ({ aws }, n) => aws.faults.plan("reset", ({ nth }) => nth === n),
  "not told what became of": ({ aws }, n) => aws.faults.plan("lost-reply", ({ nth }) => nth === n),
  "killed before": ({ aws }, n) => aws.faults.plan("reset", from(n), forEver),
  "killed after": ({ aws }, n) => {
    aws.faults.plan("lost-reply", ({ nth }) => nth === n);
    aws.faults.plan("reset", from(n + 1), forEver);
  },
};

test.each(Object.keys(accidents))(
  "%s any call, it goes on where it was",
  { timeout: 90_000 },
  async (name) => {
    for (let n = 0; n < calls; n += 1) {
      await using here = await deployment(config, { now, attempts: 1, isWarm: true });
      accidents[name]?.(here, n);
      await whole(here);
      here.aws.faults.clear();
      here.restart();
      // Scheduler calls again and empties what is left; SQS hands over again.
      await whole(here);
      await holdsAll(here);
    }
  },
);

test("messages that come twice, and the newest first, make the same", async () => {
  await using here = await deployment(config, { now });
  await here.tick("pulse");
  await here.tick("pulse");
  await here.examine("pulse", { isAwkward: true });
  await here.notify({ isAwkward: true });
  await holdsAll(here);
  expect(here.mails()).toHaveLength(1);
});

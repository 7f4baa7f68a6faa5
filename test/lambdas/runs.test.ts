import { expect, test } from "vitest";
import { encode } from "../../lib/core/document.ts";
import { configFor, deployment } from "../support/aws/functions.ts";

const nowhere = "postgres://vigil:x@127.0.0.1:1";
const config = configFor({
  "production/shop": `${nowhere}/shop`,
  "staging/shop": `${nowhere}/stg`,
});
const now = new Date("2026-11-20T12:00:00Z");
const runs = "runs/v1/profile=pulse/date=2026-11-20/";

const looked = async () => {
  const here = await deployment(config, { now });
  await here.tick("pulse");
  await here.examine();
  return here;
};

test("a run that says another environment than its key is refused, and told once", async () => {
  await using here = await looked();
  const [ours, theirs] = await here.runs();
  // Whoever may write staging's runs alone tells of production.
  const key = `${runs}${theirs?.run.id}.json.gz`;
  const forged = { ...theirs, reports: ours?.reports };
  here.aws.buckets.write("vigil", key, await encode(key, forged));
  here.aws.buckets.write("vigil", key, await encode(key, forged));
  await here.notify();
  const mails = here.mails();
  expect(mails).toHaveLength(2);
  expect(mails).toContainEqual(expect.stringContaining("production/shop"));
  expect(mails).toContainEqual(
    expect.stringMatching(/^\[UNREADABLE\] staging\/runs: A run was refused/),
  );
  expect(here.aws.buckets.keys("vigil")).not.toContain("targets/v1/staging/shop.json");
  expect(here.counted.filter((line) => line === "Heartbeat{pulse}=1")).toHaveLength(1);
});

test.each([
  ["is no JSON", "garbage"],
  ["is of a newer major release", { schemaVersion: 2, run: {}, reports: [] }],
  ["calls itself something else", { schemaVersion: 1, run: { id: "x" }, reports: [] }],
])("a run that %s is told raw, never silence", async (_, body) => {
  await using here = await deployment(config, { now });
  const key = `${runs}20261120T120000Z-production=0123abcd-pulse-0.json.gz`;
  const bytes = typeof body === "string" ? body : await encode(key, body);
  here.aws.buckets.write("vigil", key, bytes);
  await here.notify();
  expect(here.mails()).toEqual([expect.stringContaining("production/runs")]);
  expect(here.aws.queues.of("runs")).toEqual([]);
  expect(here.counted).toEqual([]);
});

test("what the next release adds is kept by this one, in messages and documents", async () => {
  await using here = await deployment(config, { now });
  await here.whole("nightly");
  await here.tick("pulse");
  const orders = here.aws.queues.of("pulse");
  const next = orders.map(({ body }) => JSON.stringify({ ...JSON.parse(body), hue: "blue" }));
  orders.splice(0);
  for (const body of next) here.aws.queues.send("pulse", body);
  await here.examine();
  await here.notify();
  const documents = ["incidents/v1/production/shop.json", "targets/v1/production/shop.json"];
  for (const key of documents) {
    const document = JSON.parse(String(here.aws.buckets.read("vigil", key)));
    here.aws.buckets.write("vigil", key, JSON.stringify({ ...document, hue: "blue" }));
  }
  here.now = new Date("2026-11-20T12:05:00Z");
  await here.whole("pulse");
  await here.whole("nightly");
  for (const key of documents) {
    expect(JSON.parse(String(here.aws.buckets.read("vigil", key)))).toMatchObject({ hue: "blue" });
  }
  expect(await here.runs()).toHaveLength(8);
});

test("a run of the release before is taken in by this one, once, whoever tells of it", async () => {
  await using here = await looked();
  const [message] = here.aws.queues.of("runs").slice(1);
  const { key } = JSON.parse(message?.body ?? "").Records[0].s3.object;
  here.aws.queues.send("runs", JSON.stringify({ version: "0", detail: { object: { key } } }));
  await here.notify();
  expect(here.mails()).toHaveLength(2);
});

test("a pulse that is older than a rhythm is dropped and counted; a night's work is not", async () => {
  await using here = await deployment(config, { now });
  await here.tick("pulse");
  await here.tick("nightly");
  here.now = new Date("2026-11-20T12:05:01Z");
  await here.examine("pulse");
  await here.examine("deep");
  expect(here.counted).toEqual(["PulsesDropped=1", "PulsesDropped=1"]);
  expect((await here.runs()).map(({ run }) => run.profile)).toEqual(["nightly", "nightly"]);
});

test("what a deadline leaves is ordered by the next tick, as the next part", async () => {
  const several = configFor({
    "production/a": `${nowhere}/a`,
    "production/b": `${nowhere}/b`,
    "production/c": `${nowhere}/c`,
  });
  await using here = await deployment(several, { now });
  await here.tick("nightly");
  // Each look takes a while, and there is time for some of them.
  let looks = 0;
  const passing = () => {
    looks += 1;
    return new Date(now.getTime() + 2500 * looks);
  };
  Object.defineProperty(here, "now", { get: passing });
  here.time = 45_000 + 12_000;
  await here.examine("deep");
  const [first] = await here.runs();
  const done = first?.reports.length ?? 0;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(3);
  here.time = 900_000;
  await here.tick("pulse", now);
  await here.examine("deep");
  const all = await here.runs();
  const nightly = all.filter(({ run }) => run.profile === "nightly");
  expect(nightly.map(({ run }) => run.id.slice(-10))).toEqual(["-nightly-0", "-nightly-1"]);
  const names = nightly.flatMap(({ reports }) => reports.map(({ target }) => target.name)).sort();
  expect(names).toEqual(["a", "b", "c"]);
  await here.tick("pulse", now);
  expect(here.aws.queues.of("deep")).toEqual([]);
});

test("an order whose run is there, and lacks somebody, is gone on with", async () => {
  const several = configFor({ "production/a": `${nowhere}/a`, "production/b": `${nowhere}/b` });
  await using here = await deployment(several, { now });
  await here.tick("nightly");
  const [order] = here.aws.queues.of("deep").map(({ body }) => body);
  await here.examine("deep");
  const [run] = await here.runs();
  const [key = ""] = here.aws.buckets.keys("vigil").filter((name) => name.startsWith("runs/"));
  // As if another try at it had got less far.
  const shorter = { ...run, reports: run?.reports.slice(0, 1) };
  here.aws.buckets.write("vigil", key, await encode(key, shorter));
  here.aws.queues.send("deep", order ?? "");
  await here.examine("deep");
  await here.tick("pulse");
  await here.examine("deep");
  const reports = (await here.runs()).flatMap((each) =>
    each.run.profile === "nightly" ? each.reports.map(({ target }) => target.name) : [],
  );
  expect(reports).toEqual(["a", "b"]);
  await here.tick("pulse");
  expect(here.aws.queues.of("deep")).toEqual([]);
});

test("a tick that finds a document broken tells it once, and goes over all others", async () => {
  await using here = await looked();
  await here.notify();
  here.aws.buckets.write("vigil", "incidents/v1/production/shop.json", "garbage");
  const before = here.mails().length;
  await here.tick("pulse");
  await here.tick("pulse");
  expect(here.mails().slice(before)).toEqual([
    expect.stringMatching(/^\[UNREADABLE\] production\/shop: The incidents of /),
  ]);
});

import { expect, test } from "vitest";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";
import { testDatabase } from "../support/database.ts";

const minute = 60_000;
const target = { environment: "production", name: "orders" };

async function passes(here: Deployment, minutes: number, ...profiles: string[]): Promise<void> {
  here.now = new Date(here.now.getTime() + minutes * minute);
  for (const profile of profiles) await here.whole(profile);
}

/** An ordinary deployment in its second hour: everybody is known. */
async function calmDeployment(urls: Record<string, string>): Promise<Deployment> {
  const config = configFor(urls, {
    profiles: { pulse: { every: "5min" }, hourly: { every: "1h" } },
  });
  const here = await deployment(config, { now: new Date("2026-11-20T12:00:00Z") });
  await passes(here, 0, "nightly", "hourly", "pulse");
  await passes(here, 5, "pulse");
  await passes(here, 5, "pulse");
  return here;
}

const written = ({ aws }: Deployment): readonly string[] =>
  aws.calls
    .filter(({ operation }) => operation === "PUT")
    .map(({ key }) => key.replace(/\/(date=)?\d{4}.*|=[0-9a-f]{8}.*/, ""));

test("A calm pulse writes its run and who is quiet, however many databases a pack has", async () => {
  await using db = await testDatabase();
  await using other = await testDatabase();
  await using here = await calmDeployment({
    "production/orders": db.url(),
    "production/stock": other.url(),
  });
  here.aws.faults.clear();
  await passes(here, 5, "pulse");
  expect(written(here)).toEqual(["incidents/calm.v1.json.gz", "runs/v1/profile=pulse"]);
  const reads = here.aws.calls.filter(({ operation }) => operation === "GET");
  expect(reads.filter(({ key }) => /^(targets|incidents\/v1)\//.test(key))).toEqual([]);
  expect(here.counted.at(-1)).toBe("Heartbeat{pulse}=1");
});

test("What happens on a calm day is told at once, and so is its end", async () => {
  await using db = await testDatabase();
  await using here = await calmDeployment({ "production/orders": db.url() });
  const orders = here.config.environments.production?.targets.orders;
  if (orders === undefined) throw new Error("no target");
  const { url } = orders;
  Object.assign(orders, { url: "postgres://pgvigil:x@127.0.0.1:1/gone" });
  await passes(here, 5, "pulse");
  expect(here.mails()).toEqual([expect.stringContaining("production/orders")]);
  Object.assign(orders, { url });
  await passes(here, 5, "pulse");
  expect(here.mails()).toHaveLength(2);
  expect(here.mails()[1]).toContain("production/orders");
});

test("A calm hour is no silence; two rhythms without a run are", async () => {
  await using db = await testDatabase();
  await using here = await calmDeployment({ "production/orders": db.url() });
  const profiles = async () => (await loadIncidents(here.store, target))?.profiles;
  const before = await profiles();
  for (let tick = 1; tick <= 12; tick += 1) {
    await passes(here, 5, "pulse", ...(tick % 12 === 0 ? ["hourly"] : []));
  }
  expect(await profiles()).toEqual(before);
  expect(here.mails()).toEqual([]);
  // Dispatch goes on, and nobody examines.
  for (let tick = 0; tick < 5; tick += 1) {
    here.now = new Date(here.now.getTime() + 5 * minute);
    await here.tick("pulse");
  }
  expect(here.mails()).toEqual([expect.stringMatching(/production\/orders/)]);
});

test("Another database in the pack makes nobody unseen", async () => {
  await using db = await testDatabase();
  await using other = await testDatabase();
  await using here = await calmDeployment({ "production/orders": db.url() });
  Object.assign(here.config.environments.production?.targets ?? {}, {
    stock: { url: other.url() },
  });
  for (let tick = 0; tick < 4; tick += 1) await passes(here, 5, "pulse");
  expect(here.mails()).toEqual([]);
});

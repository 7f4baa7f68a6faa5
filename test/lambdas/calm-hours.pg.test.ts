import pg from "pg";
import { expect, test } from "vitest";
import type { Outcome } from "../../lib/core/outcome.ts";
import { recall } from "../../lib/run/memory.ts";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";
import { testDatabase } from "../support/database.ts";

const target = { environment: "production", name: "orders" };
const check = "schema/drift-from-last";

async function begun(urls: Record<string, string>): Promise<Deployment> {
  // Pulses are rare here, so that the sweep of one is recent for hours.
  const config = configFor(urls, { profiles: { pulse: { every: "1h" }, hourly: { every: "1h" } } });
  const here = await deployment(config, { now: new Date("2026-11-20T12:00:00Z") });
  for (const profile of ["nightly", "hourly", "pulse"]) await here.whole(profile);
  await hour(here, 12, 10, "pulse");
  return here;
}

/** All that comes of a tick at that time, and what the schema's check says of it. */
async function hour(
  here: Deployment,
  hours: number,
  minutes: number,
  profile: string,
  { isTaken = true } = {},
): Promise<Outcome | undefined> {
  here.now = new Date(Date.UTC(2026, 10, 20, hours, minutes));
  here.aws.faults.clear();
  await here.tick(profile);
  await here.examine(profile === "pulse" ? "pulse" : "deep");
  if (isTaken) await here.notify();
  else here.aws.queues.of("runs").splice(0);
  const runs = (await here.runs()).filter(({ run }) => run.profile === profile);
  return runs.at(-1)?.reports[0]?.outcomes.find((outcome) => outcome.check === check);
}

const writes = ({ aws }: Deployment): readonly string[] =>
  aws.calls
    .filter(({ operation }) => operation === "PUT")
    .map(({ key }) => key.replace(/\/(date=)?\d{4}.*/, ""));

async function change(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

test("A calm hour writes its run alone, and the next one knows of it", async () => {
  await using db = await testDatabase();
  await using here = await begun({ "production/orders": db.url() });
  await hour(here, 13, 0, "hourly");
  expect(writes(here)).toEqual(["runs/v1/profile=hourly"]);
  const again = await hour(here, 14, 0, "hourly");
  expect(writes(here)).toEqual(["runs/v1/profile=hourly"]);
  expect(again).toMatchObject({
    past: { at: "2026-11-20T13:00:00.000Z" },
    stands: "2026-11-20T12:00:00.000Z",
  });
  const stored = await recall(here.store, target);
  expect(stored(check)?.at).toBe("2026-11-20T12:00:00.000Z");
  // A night is held against the hour before it, and writes what everybody else reads.
  const night = await hour(here, 14, 30, "nightly");
  expect(night?.past?.at).toBe("2026-11-20T14:00:00.000Z");
  expect((await recall(here.store, target))(check)?.at).toBe("2026-11-20T14:30:00.000Z");
});

test("A change that nobody took in is found again; then it is told, and after a gap it is none", async () => {
  await using db = await testDatabase();
  await using here = await begun({ "production/orders": db.url() });
  await hour(here, 13, 0, "hourly");
  await change(db.url(), "CREATE TABLE parcels (id bigint PRIMARY KEY)");
  const lost = await hour(here, 14, 0, "hourly", { isTaken: false });
  expect(lost).toMatchObject({ status: "found", past: { at: "2026-11-20T13:00:00.000Z" } });
  expect(lost?.stands).toBeUndefined();
  const found = await hour(here, 15, 0, "hourly");
  // What was found and not told is no past; the document is.
  expect(found).toMatchObject({ status: "found", past: { at: "2026-11-20T12:00:00.000Z" } });
  expect(writes(here)).toContain("targets/v1/production/orders.json");
  const next = await hour(here, 17, 0, "hourly");
  expect(next).toMatchObject({ status: "passed", past: { at: "2026-11-20T15:00:00.000Z" } });
});

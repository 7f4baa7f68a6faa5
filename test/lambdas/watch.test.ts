import { expect, test } from "vitest";
import { beginWatch, newestWatch } from "../../lib/watch/keep.ts";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";

const target = { environment: "production", name: "shop" };
const config = configFor({ "production/shop": "postgres://vigil:x@127.0.0.1:1/shop" });
const start = new Date("2026-11-20T12:00:00Z");
const phases = [{ every: 300, until: 600 }];
const wish = { target, deploy: "release-41", by: "anna", phases, now: start };

async function passTo(here: Deployment, minutes: number): Promise<void> {
  here.now = new Date(start.getTime() + minutes * 60_000);
  await here.tick("pulse");
  await here.examine("pulse");
  await here.examine("deep");
  await here.notify();
}

const watchRuns = async (here: Deployment) =>
  (await here.runs()).filter(({ run }) => run.profile === "watch").map(({ run }) => run.id);

test("a watch that somebody began is looked at by the ticks, and ends by itself", async () => {
  await using here = await deployment(config, { now: start });
  await beginWatch(here.store, { ...wish, kind: "start" });
  await passTo(here, 0);
  await passTo(here, 5);
  await passTo(here, 6);
  const looks = async () => (await newestWatch(here.store, target))?.looks.map(({ slot }) => slot);
  expect(await looks()).toEqual([0, 1]);
  await passTo(here, 10);
  const ended = await newestWatch(here.store, target);
  expect(ended).toMatchObject({
    state: "closed",
    closing: { because: "over", verdict: "unknown" },
  });
  expect(await looks()).toEqual([0, 1, 2]);
  expect(here.mails().filter((subject) => subject.includes("release-41"))).toHaveLength(1);
  expect(await watchRuns(here)).toEqual([
    expect.stringMatching(/^20261120T120000Z-production=[0-9a-f]{8}-watch-0$/),
    expect.stringMatching(/^20261120T120500Z-production=[0-9a-f]{8}-watch-0$/),
    expect.stringMatching(/^20261120T121000Z-production=[0-9a-f]{8}-watch-0$/),
  ]);
  await passTo(here, 15);
  expect(await watchRuns(here)).toHaveLength(3);
});

test("one look a slot, whoever orders it twice", async () => {
  await using here = await deployment(config, { now: start });
  await beginWatch(here.store, { ...wish, kind: "start" });
  await here.tick("pulse");
  await here.tick("pulse");
  await here.examine("pulse", { isAwkward: true });
  await here.notify({ isAwkward: true });
  expect(await watchRuns(here)).toHaveLength(1);
  expect((await newestWatch(here.store, target))?.looks).toHaveLength(1);
});

test("what is prepared is looked at before it is deployed, until somebody answers", async () => {
  await using here = await deployment(config, { now: start });
  const { id } = (await beginWatch(here.store, { ...wish, kind: "prepare" })).watch;
  await passTo(here, 0);
  await passTo(here, 3);
  await passTo(here, 5);
  const looks = (await here.runs()).filter(({ run }) => run.profile === "watch");
  expect(looks.map(({ run }) => run.trigger)).toEqual(["deploy", "deploy"]);
  expect(await newestWatch(here.store, target)).toMatchObject({ id, state: "prepared", looks: [] });
});

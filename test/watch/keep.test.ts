import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import type { Store } from "../../lib/core/ports.ts";
import { baselineOf } from "../../lib/watch/baseline.ts";
import {
  beginWatch,
  endWatch,
  keepBefore,
  keepLook,
  newestWatch,
  openWatch as openIn,
  readWatch,
  watchedNow,
} from "../../lib/watch/keep.ts";
import { openKey } from "../../lib/watch/opened.ts";
import { defaultPhases, phasesFor } from "../../lib/watch/phases.ts";
import { after, looked, passed, target } from "./samples.ts";

const wish = (
  deploy: string | undefined,
  seconds: number,
  kind: "start" | "prepare" = "start",
) => ({
  ...{ kind, target, deploy, by: "anna@example.com", now: after(seconds) },
  phases: phasesFor(defaultPhases, 48 * 3600),
});

const start = (store: Store, deploy: string, seconds = 0) =>
  beginWatch(store, wish(deploy, seconds));

test("the same deployment again changes nothing: an event may come twice", async () => {
  const store = memoryStore();
  const first = await start(store, "release-41");
  const again = await start(store, "release-41", 600);
  expect(again).toMatchObject({ is: "same", watch: { id: first.watch.id } });
  expect(again.watch.openedAt).toBe(first.watch.openedAt);
});

test("another deployment puts an end to the watch before it, and says so", async () => {
  const store = memoryStore();
  const first = await start(store, "release-41");
  const second = await start(store, "release-42", 7200);
  expect(await readWatch(store, first.watch.id)).toMatchObject({
    state: "closed",
    closing: { because: "superseded", why: "release-42 was deployed" },
  });
  expect(second.ended).toMatchObject({ deploy: "release-41", state: "closed" });
  expect((await openIn(store, target))?.id).toBe(second.watch.id);
});

test("what was prepared is opened by the start, with what it was prepared with", async () => {
  const store = memoryStore();
  const { watch } = await beginWatch(store, wish(undefined, -240, "prepare"));
  const { run, report } = looked(-240, [passed("integrity/row-loss", { memory: "1000 rows" })]);
  await keepBefore(store, watch, { run, report });
  const opened = await start(store, "release-41");
  expect(opened).toMatchObject({
    is: "opened",
    watch: { id: watch.id, state: "open", deploy: "release-41", baseline: { run: "run--240" } },
  });
  const baseline = await baselineOf(store, watch.id);
  expect(baseline("integrity/row-loss")).toMatchObject({
    watch: watch.id,
    at: after(-240).toISOString(),
    memory: "1000 rows",
  });
});

test("what was prepared five hours ago was for another deployment", async () => {
  const store = memoryStore();
  const { watch } = await beginWatch(store, wish(undefined, -5 * 3600, "prepare"));
  expect((await start(store, "release-41")).watch.id).not.toBe(watch.id);
});

test("two that begin at once begin one", async () => {
  const store = memoryStore();
  const both = await Promise.all([start(store, "release-41"), start(store, "release-41")]);
  expect(new Set(both.map(({ watch }) => watch.id)).size).toBe(1);
});

test("of two deployments at once one is watched, and no other is left open", async () => {
  const store = memoryStore();
  await Promise.all([start(store, "release-41"), start(store, "release-42")]);
  const keys = (await store.list("watches/v1/production/")).map((key) =>
    key.replace(/^watches\/v1\/|\.json$/g, ""),
  );
  const states = await Promise.all(keys.map(async (id) => (await readWatch(store, id))?.state));
  expect(states.filter((state) => state === "open")).toHaveLength(1);
});

test("whoever died before the document was written is made good by the next who looks", async () => {
  const store = memoryStore();
  const dies: Store = {
    ...store,
    put: async (key, body, condition) => {
      if (key !== openKey) throw new Error("killed");
      return store.put(key, body, condition);
    },
  };
  await expect(start(dies, "release-41")).rejects.toThrow("killed");
  expect(await openIn(store, target)).toMatchObject({ state: "open", deploy: "release-41" });
  expect((await start(store, "release-41", 60)).watch.openedAt).toBe(after(0).toISOString());
});

test("whoever died after the end, before it was taken off the list, leaves no watch open", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  const dies: Store = {
    ...store,
    put: async (key, body, condition) => {
      if (key === openKey) throw new Error("killed");
      return store.put(key, body, condition);
    },
  };
  const ending = endWatch(dies, watch, after(60), { because: "stopped" });
  await expect(ending).rejects.toThrow("killed");
  expect(await openIn(store, target)).toBeUndefined();
  expect((await start(store, "release-41", 120)).is).toBe("new");
});

test("two looks of one slot, kept at once, are one", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  const looks = [looked(1, [passed("indexes/invalid")]), looked(2, [passed("indexes/invalid")])];
  await Promise.all(looks.map((each) => keepLook(store, watch, each)));
  expect((await readWatch(store, watch.id))?.looks).toHaveLength(1);
});

test("looks of different slots, kept at once, are both kept", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  const looks = [looked(1, [passed("indexes/invalid")]), looked(301, [passed("indexes/invalid")])];
  await Promise.all(looks.map((each) => keepLook(store, watch, each)));
  expect((await readWatch(store, watch.id))?.looks.map(({ slot }) => slot)).toEqual([0, 1]);
});

test("the baseline is what a check remembered first, and counters of another server begin anew", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  const rows = (seconds: number, memory: string, more = {}) =>
    looked(seconds, [passed("integrity/row-loss", { memory, ...more })]);
  await keepLook(store, watch, rows(0, "1000"));
  const baseline = { watch: watch.id, at: after(0).toISOString(), memory: "1000" };
  await keepLook(store, watch, rows(300, "900", { baseline }));
  expect((await baselineOf(store, watch.id))("integrity/row-loss")?.memory).toBe("1000");
  const { run, report } = rows(600, "50"); // withheld: the engine saw that it failed over
  const server = report.server && { ...report.server, startedAt: "2026-11-20T12:08:00.000000Z" };
  await keepLook(store, watch, { run, report: { ...report, ...(server && { server }) } });
  expect((await baselineOf(store, watch.id))("integrity/row-loss")?.memory).toBe("50");
});

test("whoever sends alerts learns of the watch, and until when a deployment excuses things", async () => {
  const store = memoryStore();
  expect(await watchedNow(store, target)).toBeUndefined();
  await beginWatch(store, wish(undefined, -600, "prepare"));
  expect(await watchedNow(store, target)).toMatchObject({
    since: after(-600).toISOString(),
    windowUntil: after(-600 + 4 * 3600).toISOString(),
  });
  const { watch } = await start(store, "release-41");
  expect(await watchedNow(store, target)).toEqual({
    id: watch.id,
    deploy: "release-41",
    since: after(0).toISOString(),
    windowUntil: after(1800).toISOString(),
  });
  await endWatch(store, watch, after(60), { because: "stopped" });
  expect(await watchedNow(store, target)).toBeUndefined();
});

test("the newest watch of a target is found when none is open", async () => {
  const store = memoryStore();
  expect(await newestWatch(store, target)).toBeUndefined();
  const { watch } = await start(store, "release-41");
  await endWatch(store, watch, after(60), { because: "stopped", why: "rolled back" });
  expect(await newestWatch(store, target)).toMatchObject({ id: watch.id, state: "closed" });
});

test("what a newer release wrote into a watch is kept", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  const key = `watches/v1/${watch.id}.json`;
  const newer = { ...watch, mood: "fine", looks: [] };
  await store.put(key, new TextEncoder().encode(JSON.stringify(newer)));
  const { run, report } = looked(0, [passed("indexes/invalid")]);
  expect(await keepLook(store, watch, { run, report })).toMatchObject({ mood: "fine" });
});

test("a watch that cannot be read is said, and not written over", async () => {
  const store = memoryStore();
  const { watch } = await start(store, "release-41");
  await store.put(`watches/v1/${watch.id}.json`, new TextEncoder().encode("{half"));
  const { run, report } = looked(0, [passed("indexes/invalid")]);
  await expect(keepLook(store, watch, { run, report })).rejects.toThrow(/cannot be read/);
});

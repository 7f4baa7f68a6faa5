import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Store } from "../../lib/core/ports.ts";
import { countOutcomes } from "../../lib/core/report.ts";
import { remember } from "../../lib/run/memory.ts";
import { beginRun } from "../../lib/run/run-document.ts";
import { sealHealthyWatch } from "../../lib/run/seal-watch.ts";
import { loadBaseline, seal } from "../../lib/schema/baseline.ts";
import { snapshotOf } from "../../lib/schema/snapshot.ts";
import { keepSnapshot } from "../../lib/schema/stored.ts";

const target = { environment: "production", name: "orders" };
const opened = "2026-11-19T08:00:00.000Z";
const looked = "2026-11-21T07:45:00.000Z";
const now = new Date("2026-11-21T08:00:00Z");
const watch = { id: "20261119-orders", openedAt: opened, now };

const schema = (table: string) =>
  snapshotOf([{ kind: "table", identity: table, schema: "public", name: table, facets: {} }], {
    unread: [],
    unmodelled: {},
    server: { version: "18.4", versionNum: 180_004, systemIdentifier: null, database: "shop" },
    takenAt: looked,
  });

/** A look that saw this schema, and remembered it. */
async function look(store: Store, table: string, at = looked) {
  const snapshot = schema(table);
  await keepSnapshot(store, snapshot);
  const { checksum } = snapshot.tree;
  const memory = { checksum, canonical: 1, at, systemIdentifier: null, migrations: [] };
  const check = "schema/drift-from-last";
  const outcomes: Outcome[] = [{ check, status: "passed", scope: "", findings: [], memory }];
  const run = beginRun("watch", new Date(at), "test");
  await remember(
    store,
    { run: { ...run, finishedAt: at } },
    {
      ...{ target, startedAt: at, finishedAt: at, verdict: "healthy", outcomes },
      counts: countOutcomes(outcomes),
    },
  );
  return checksum;
}

test("a healthy watch seals what its last look saw, with who, why and which migrations; the history stays", async () => {
  const store = memoryStore();
  await seal(store, target, schema("old"), {
    by: "anna",
    why: "release 41",
    now: new Date(opened),
  });
  const checksum = await look(store, "new");
  expect(await sealHealthyWatch(store, target, watch)).toMatchObject({
    sealed: { checksum, by: "watch 20261119-orders", at: now.toISOString(), migrations: [] },
  });
  const { history = [] } = (await loadBaseline(store, target)) ?? {};
  expect(history.map(({ by, why }) => `${by}: ${why}`)).toEqual([
    "anna: release 41",
    "watch 20261119-orders: healthy watch 20261119-orders",
  ]);
});

test("said twice, or by two at once, it seals once; another watch seals anew", async () => {
  const store = memoryStore();
  await look(store, "new");
  await Promise.all([1, 2, 3].map(() => sealHealthyWatch(store, target, watch)));
  const later = new Date("2026-11-22T08:00:00Z");
  const again = await sealHealthyWatch(store, target, { ...watch, now: later });
  expect(again).toMatchObject({ sealed: { at: now.toISOString() } });
  expect((await loadBaseline(store, target))?.history).toHaveLength(1);
  await sealHealthyWatch(store, target, { ...watch, id: "another", now: later });
  expect((await loadBaseline(store, target))?.history).toHaveLength(2);
});

test("it seals with somebody who seals at the same moment, and neither is lost", async () => {
  const store = memoryStore();
  await look(store, "new");
  const byAnna = seal(store, target, schema("hers"), { by: "anna", why: "mine", now });
  await Promise.all([byAnna, sealHealthyWatch(store, target, watch)]);
  const { history = [] } = (await loadBaseline(store, target)) ?? {};
  expect(history.map(({ by }) => by).sort()).toEqual(["anna", "watch 20261119-orders"]);
});

test("what was not looked at, or before the watch alone, or is gone, is not sealed, and it says why", async () => {
  const store = memoryStore();
  const said = () => sealHealthyWatch(store, target, watch);
  expect(await said()).toEqual({ notSealed: "no look of the watch read the whole schema" });
  await look(store, "old", "2026-11-18T03:00:00.000Z");
  expect(await said()).toMatchObject({ notSealed: expect.stringContaining("before the watch") });
  await look(store, "new");
  const empty: Store = { ...store, list: async () => [] };
  expect(await sealHealthyWatch(empty, target, watch)).toMatchObject({
    notSealed: expect.stringContaining("is not in"),
  });
  expect(await loadBaseline(store, target)).toBeUndefined();
});

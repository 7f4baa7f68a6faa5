import * as fc from "fast-check";
import { expect, test } from "vitest";
import { largestPack, orderSchema, runIdOf, saidBy } from "../../lib/dispatch/order.ts";
import { laneOf, ordersOf } from "../../lib/dispatch/orders.ts";
import { type Placed, packsOf } from "../../lib/dispatch/packs.ts";

const placed = (environment: string, name: string, server: string, network = "main"): Placed => ({
  target: { environment, name },
  server,
  network,
});

const fleets = fc.uniqueArray(
  fc.record({
    target: fc.record({
      environment: fc.constantFrom("production", "staging", "qa.eu-1"),
      name: fc.integer({ min: 0, max: 400 }).map((n) => `db${n}`),
    }),
    server: fc.integer({ min: 0, max: 6 }).map((n) => `host${n}:5432`),
    network: fc.constantFrom("main", "other"),
  }),
  { maxLength: 300, selector: ({ target }) => `${target.environment}/${target.name}` },
);

test("Every database is in one pack, which is of one environment and one network", () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const packs = packsOf(fleet);
      expect(packs.flatMap(({ targets }) => targets)).toHaveLength(fleet.length);
      expect(new Set(packs.flatMap(({ targets }) => targets)).size).toBe(fleet.length);
      for (const { environment, network, targets } of packs) {
        expect(targets.length).toBeLessThanOrEqual(largestPack);
        for (const each of targets) {
          expect([each.target.environment, each.network]).toEqual([environment, network]);
        }
      }
    }),
  );
});

test("A server that fits into a pack is in one", () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const homes = new Map<string, Set<number>>();
      const sizes = new Map<string, number>();
      packsOf(fleet).forEach(({ environment, network, targets }, i) => {
        for (const { server } of targets) {
          const key = `${environment} ${network} ${server}`;
          homes.set(key, (homes.get(key) ?? new Set()).add(i));
          sizes.set(key, (sizes.get(key) ?? 0) + 1);
        }
      });
      for (const [key, packs] of homes) {
        if ((sizes.get(key) ?? 0) <= largestPack) expect(packs.size).toBe(1);
      }
    }),
  );
});

test("The same fleet makes the same orders, in whatever order it comes", () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const at = "2026-11-20T03:00:00Z";
      expect(ordersOf("nightly", at, fleet.toReversed())).toEqual(ordersOf("nightly", at, fleet));
    }),
  );
});

test("A hundred databases of one server are four packs; forty of forty servers are two", () => {
  const one = Array.from({ length: 100 }, (_, i) => placed("production", `db${i}`, "a:5432"));
  const many = Array.from({ length: 40 }, (_, i) => placed("production", `db${i}`, `h${i}:5432`));
  expect(packsOf(one).map(({ targets }) => targets.length)).toEqual([25, 25, 25, 25]);
  expect(packsOf(many).map(({ targets }) => targets.length)).toEqual([25, 15]);
});

test("An order is what its schema says, and its run's id tells the environment", () => {
  const [order] = ordersOf("nightly", "2026-11-20T03:00:00Z", [placed("qa.eu-1", "shop", "a:1")]);
  if (order === undefined) throw new Error("no order");
  expect(orderSchema.parse(JSON.parse(JSON.stringify(order)))).toEqual(order);
  expect(runIdOf(order)).toMatch(/^20261120T030000Z-qa\.eu-1=[0-9a-f]{8}-nightly-0$/);
  expect(saidBy(runIdOf(order))).toEqual({ environment: "qa.eu-1", profile: "nightly" });
  expect(saidBy("20261120T030000Z-nightly-5f2c")).toBeUndefined();
});

test("A pulse and the looks of a watch take the quick lane, a night's work and a sign-off the other", () => {
  const look = (place: "first" | "between" | "last") =>
    laneOf({ profile: "watch", watch: { id: "w", place } });
  expect(
    ["pulse", "hourly", "nightly"].map((profile) => laneOf({ profile: profile as "pulse" })),
  ).toEqual(["pulse", "deep", "deep"]);
  expect([look("first"), look("between"), look("last")]).toEqual(["pulse", "pulse", "deep"]);
});

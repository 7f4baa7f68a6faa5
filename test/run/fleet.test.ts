import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { serverIdentity } from "../../lib/checks/server/identity.ts";
import { DatabaseError } from "../../lib/core/errors.ts";
import type { Server } from "../../lib/core/server.ts";
import { optionsOf } from "../../lib/run/choose.ts";
import { examineFleet, type FleetLimits, type Task } from "../../lib/run/fleet.ts";
import { largeNumber } from "../support/fake-check.ts";
import { fakeSession } from "../support/fake-session.ts";

const limits: FleetLimits = { run: 60_000, concurrency: 4 };

const taskAt = (server: string, name: string, more: Partial<Task> = {}): Task => ({
  target: { environment: "production", name },
  server,
  patience: 10_000,
  profile: "nightly",
  checks: [serverIdentity, largeNumber()].map((check) => ({
    check,
    options: optionsOf(check, {}),
  })),
  connect: async () => fakeSession(() => [{ n: 1 }], identityOf(name)),
  store: undefined,
  clock: () => new Date(),
  ignore: [],
  past: () => undefined,
  ...more,
});

const identityOf = (name: string): Partial<Server> => ({ systemIdentifier: `of ${name}` });

test("databases of one server are examined one after the other, servers at once", async () => {
  const open = new Map<string, number>();
  let most = 0;
  const busy = (server: string, name: string) =>
    taskAt(server, name, {
      connect: async () => {
        const now = (open.get(server) ?? 0) + 1;
        open.set(server, now);
        expect(now).toBe(1);
        most = Math.max(
          most,
          [...open.values()].reduce((a, b) => a + b, 0),
        );
        await sleep(20);
        const session = fakeSession(() => [{ n: 1 }], identityOf(name));
        const close = session[Symbol.asyncDispose];
        session[Symbol.asyncDispose] = async () => {
          open.set(server, 0);
          await close();
        };
        return session;
      },
    });
  const tasks = ["a", "b", "c"].flatMap((s) => [1, 2, 3].map((i) => busy(s, `${s}${i}`)));
  const reports = await examineFleet(tasks, limits);
  expect(reports.map(({ target }) => target.name)).toEqual(tasks.map(({ target }) => target.name));
  expect(reports.every(({ verdict }) => verdict === "healthy")).toBe(true);
  expect(most).toBe(3);
});

test("one dead host delays nobody but its own databases", async () => {
  const dead = () =>
    sleep(500).then(() => {
      throw new DatabaseError("unreachable", "no answer", { hint: "" });
    });
  const doneAt = new Map<string, number>();
  const started = performance.now();
  const tasks = [
    taskAt("dead", "d", { connect: dead }),
    ...Array.from({ length: 20 }, (_, i) => taskAt(`s${i}`, `t${i}`)),
  ];
  const reports = await examineFleet(tasks, limits, ({ target }) =>
    doneAt.set(target.name, performance.now() - started),
  );
  expect(reports[0]?.verdict).toBe("unknown");
  expect(
    Math.max(...tasks.slice(1).map(({ target }) => doneAt.get(target.name) ?? 1e9)),
  ).toBeLessThan(450);
});

test("targets that did not fit into the run are reported as skipped, out-of-time", async () => {
  let now = 0;
  const clock = () => new Date(now);
  const slow = (name: string) =>
    taskAt("one", name, {
      clock,
      connect: async () => {
        now += 40_000;
        return fakeSession(() => [{ n: 1 }], identityOf(name));
      },
    });
  const reports = await examineFleet([slow("a"), slow("b"), slow("c")], limits);
  expect(reports).toHaveLength(3);
  expect(reports[2]?.outcomes.map(({ cause }) => cause)).toEqual(["out-of-time", "out-of-time"]);
  expect(reports[2]?.verdict).toBe("unknown");
});

test("two targets that are one database are an error of the second", async () => {
  const twin = (name: string) =>
    taskAt(name, name, { connect: async () => fakeSession(() => [{ n: 1 }]) });
  const reports = await examineFleet([twin("orders"), twin("copy")], { ...limits, concurrency: 1 });
  expect(reports[1]?.outcomes).toMatchObject([
    { check: "server/identity", status: "failed", errorClass: "same-database" },
    { status: "skipped", reason: "the same database as production/orders" },
  ]);
});

test("a replica is not its primary, though both have one identifier", async () => {
  const member = (name: string, server: Partial<Server>) =>
    taskAt(name, name, { connect: async () => fakeSession(() => [{ n: 1 }], server) });
  const reports = await examineFleet(
    [
      member("primary", {}),
      member("one", { inRecovery: true, startedAt: "2026-11-01T00:00:01.000000Z" }),
      member("two", { inRecovery: true, startedAt: "2026-11-01T00:00:02.000000Z" }),
    ],
    limits,
  );
  expect(reports.map(({ verdict }) => verdict)).toEqual(["healthy", "healthy", "healthy"]);
});

test("interrupted, it tells what it knows and names what it left out", async () => {
  const interruption = new AbortController();
  const { signal } = interruption;
  const first = taskAt("one", "a", {
    signal,
    connect: async () =>
      fakeSession(() => {
        interruption.abort();
        return [{ n: 1 }];
      }),
  });
  const reports = await examineFleet([first, taskAt("one", "b", { signal })], limits);
  expect(reports[0]?.outcomes.at(-1)).toMatchObject({ status: "passed" });
  expect(reports[1]?.outcomes[0]).toMatchObject({
    cause: "out-of-time",
    reason: "the run was interrupted",
  });
  expect(reports[1]?.outcomes[0]?.cure).toBeUndefined();
});

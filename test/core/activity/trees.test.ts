import fc from "fast-check";
import { expect, test } from "vitest";
import { exampleBackend, examplePicture } from "../../../lib/checks/reads/example-activity.ts";
import { conflict, sayMode } from "../../../lib/core/activity/lock-modes.ts";
import type { Backend, Contended, Picture } from "../../../lib/core/activity/picture.ts";
import { type Branch, blockingTrees, branchesOf } from "../../../lib/core/activity/trees.ts";

const lock = (pid: number, tag: string, changes: Partial<Contended> = {}): Contended => ({
  tag,
  type: "relation",
  table: `public.${tag}`,
  pid,
  gid: null,
  mode: "AccessExclusiveLock",
  isGranted: false,
  waited: 1,
  ...changes,
});

const held = (pid: number, tag: string, mode = "AccessExclusiveLock") =>
  lock(pid, tag, { isGranted: true, waited: null, mode });

const session = (pid: number, blockedBy: readonly number[] = [], changes: Partial<Backend> = {}) =>
  exampleBackend({ pid, blockedBy: [...blockedBy], ...changes });

const picture = (backends: readonly Backend[], contended: readonly Contended[]): Picture => ({
  ...examplePicture(...backends),
  contended: [...contended],
});

/** `1(2 3(4))`: who stands below whom, in the order in which they are told. */
function shape(given: Picture): readonly string[] {
  const below = (waiters: readonly Branch[]): string =>
    waiters.length === 0 ? "" : `(${waiters.map((b) => b.key + below(b.waiters)).join(" ")})`;
  return blockingTrees(given).map((tree) =>
    tree.kind === "root"
      ? tree.root.key + below(tree.waiters)
      : `cycle ${tree.members.map((b) => b.key + below(b.waiters)).join(" ")}`,
  );
}

test("a waiter stands below who holds the lock, not below who queues in front of it", () => {
  const row = picture(
    [session(1), session(2, [1]), session(3, [1, 2]), session(4, [3, 2, 1])],
    [held(1, "a"), lock(2, "a"), lock(3, "a"), lock(4, "a")],
  );
  expect(shape(row)).toEqual(["1(2 3 4)"]);
});

test("who is stopped by a request alone stands below the request", () => {
  const queue = picture(
    [session(1), session(2, [1]), session(3, [2])],
    [held(1, "a", "AccessShareLock"), lock(2, "a"), lock(3, "a", { mode: "AccessShareLock" })],
  );
  expect(shape(queue)).toEqual(["1(2(3))"]);
  const [tree] = blockingTrees(queue);
  const [ddl] = tree?.kind === "root" ? tree.waiters : [];
  expect(ddl?.above).toMatchObject({ holds: "AccessShareLock", isQueue: false });
  expect(ddl?.waiters[0]?.above).toMatchObject({ holds: null, isQueue: true });
});

test("of several who hold a lock the oldest is the root, and the others are named beside it", () => {
  const trees = blockingTrees(
    picture(
      [session(1, [], { xactAge: 5 }), session(2, [], { xactAge: 90 }), session(3, [1, 2])],
      [held(1, "a", "AccessShareLock"), held(2, "a", "AccessShareLock"), lock(3, "a")],
    ),
  );
  expect(trees).toMatchObject([
    {
      root: { key: "2" },
      alongside: [{ key: "1" }],
      waiters: [{ key: "3", also: [{ party: { key: "1" } }] }],
    },
  ]);
});

test("two that wait for each other are a cycle, and who waits behind them stands below", () => {
  const deadlock = picture(
    [session(1, [2]), session(2, [1]), session(3, [2])],
    [held(1, "a"), held(2, "b"), lock(1, "b"), lock(2, "a"), lock(3, "b")],
  );
  expect(shape(deadlock)).toEqual(["cycle 1 2(3)"]);
});

test("a cycle below a root is marked", () => {
  const trees = blockingTrees(
    picture(
      [session(1), session(2, [1, 3]), session(3, [2])],
      [
        held(1, "a", "AccessShareLock"),
        held(3, "a", "AccessShareLock"),
        held(2, "b"),
        lock(2, "a"),
        lock(3, "b"),
      ],
    ),
  );
  expect(trees.flatMap(branchesOf)).toMatchObject([
    { key: "2", isInCycle: true },
    { key: "3", isInCycle: false },
  ]);
});

test("a parallel worker that waits is its leader", () => {
  const parallel = picture(
    [session(1), session(2, [], { state: "active" }), session(3, [1], { leader: 2 })],
    [held(1, "a"), lock(3, "a", { mode: "AccessShareLock", waited: 7 })],
  );
  expect(shape(parallel)).toEqual(["1(2)"]);
  expect(blockingTrees(parallel).flatMap(branchesOf)).toMatchObject([{ waited: 7 }]);
});

test("a wait elsewhere is another target's, but for who stands in the way of one of ours", () => {
  const elsewhere = { isHere: false, database: "other" };
  expect(
    shape(
      picture(
        [session(1, [], elsewhere), session(2, [1], elsewhere)],
        [held(1, "x"), lock(2, "x", { table: null })],
      ),
    ),
  ).toEqual([]);
  expect(
    shape(
      picture(
        [session(1, [], elsewhere), session(2, [1])],
        [held(1, "x"), lock(2, "x", { table: null })],
      ),
    ),
  ).toEqual(["1(2)"]);
});

test("PostgreSQL 13 says no times: not longer than the statement, nor than who is in front", () => {
  const waits = (queryAge: number | null, xactAge: number) =>
    blockingTrees(
      picture(
        [session(1, [], { xactAge }), session(2, [1], { queryAge })],
        [held(1, "a"), lock(2, "a", { waited: null })],
      ),
    ).flatMap(branchesOf)[0];
  expect(waits(600, 2)).toMatchObject({ waited: 2, isUpperBound: true });
  expect(waits(60, 900)).toMatchObject({ waited: 60, isUpperBound: true });
  expect(waits(null, 900)).toMatchObject({ waited: 900, isUpperBound: true });
});

test("the modes conflict as the manual's table says, and both ways", () => {
  const modes = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ];
  const table = modes.map((a) => modes.map((b) => (conflict(a, b) ? "X" : ".")).join(""));
  expect(table).toEqual([
    ".......X",
    "......XX",
    "....XXXX",
    "...XXXXX",
    "..XX.XXX",
    "..XXXXXX",
    ".XXXXXXX",
    "XXXXXXXX",
  ]);
  expect(sayMode("ShareUpdateExclusiveLock")).toBe("SHARE UPDATE EXCLUSIVE");
});

const graph = fc
  .array(fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 4 }), { maxLength: 12 })
  .chain((blockers) =>
    fc.tuple(
      fc.constant(blockers),
      fc.array(fc.constantFrom("a", "b", "c"), { minLength: 12, maxLength: 12 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom("a", "b", "c")), {
        maxLength: 8,
      }),
    ),
  );

test("on any graph every waiter is told of exactly once", () => {
  fc.assert(
    fc.property(graph, ([blockers, tags, holders]) => {
      // pid 0 is a prepared transaction; pids beyond the sessions have ended meanwhile.
      const sessions = blockers.map((by, i) => session(i + 1, by));
      const asks = blockers.flatMap((by, i) =>
        by.length > 0 ? [lock(i + 1, tags[i] ?? "a")] : [],
      );
      const given = picture(sessions, [...asks, ...holders.map(([pid, tag]) => held(pid, tag))]);
      const waiting = blockers.flatMap((by, i) =>
        by.some((pid) => pid !== i + 1) ? [`${i + 1}`] : [],
      );
      const trees = blockingTrees(given);
      const told = trees.flatMap(branchesOf).map(({ key }) => key);
      expect(told.toSorted()).toEqual(waiting.toSorted());
      for (const tree of trees) {
        if (tree.kind === "root") expect(waiting).not.toContain(tree.root.key);
        else {
          const { members } = tree;
          members.forEach((member, i) => {
            const next = members[(i + 1) % members.length];
            expect(member.blockers.map(({ party }) => party.key)).toContain(next?.key);
          });
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test("a queue of five hundred, each behind all before it, is told whole", () => {
  const pids = Array.from({ length: 500 }, (_, i) => i + 1);
  const queue = picture(
    pids.map((pid) => session(pid, pids.slice(0, pid - 1))),
    pids.map((pid) => (pid === 1 ? held(pid, "a") : lock(pid, "a"))),
  );
  expect(blockingTrees(queue).flatMap(branchesOf)).toHaveLength(499);
});

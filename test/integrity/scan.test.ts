import { expect, test } from "vitest";
import { DatabaseError, type ErrorClass } from "../../lib/core/errors.ts";
import type { Row, Statement } from "../../lib/core/ports.ts";
import type { ForeignKey } from "../../lib/integrity/foreign-key.ts";
import { type OrphanScan, orphanScan } from "../../lib/integrity/scan.ts";

const side = (table: string, oid: number, pages = 1): ForeignKey["child"] => ({
  schema: "public",
  table,
  sqlSchema: "public",
  sqlTable: `public.${table}`,
  lacksUsage: false,
  isPartitioned: false,
  pages,
  relations: [oid],
  hasForeignTable: false,
  isUnlogged: false,
  hidesRows: false,
});

const key = (n: number, changes: Partial<ForeignKey> = {}): ForeignKey => ({
  oid: n,
  name: `k${n}`,
  sqlName: `k${n}`,
  identity: `k${n} on public.t${n}`,
  child: side(`t${n}`, 1000 + n),
  parent: side("p", 999),
  columns: [{ sql: "p_id", equals: "pk.id OPERATOR(pg_catalog.=) fk.p_id", isNotNull: false }],
  isMatchFull: false,
  isValidated: true,
  isEnforced: true,
  isTemporal: false,
  disabledTriggers: 0,
  untrusted: null,
  childLacks: [],
  parentLacks: [],
  ...changes,
});

const keys = (n: number): ForeignKey[] => Array.from({ length: n }, (_, i) => key(i + 1));

interface World {
  readonly keys: readonly ForeignKey[];
  /** Which tables fail, and how. */
  readonly bad?: Readonly<Record<string, ErrorClass>>;
  /** What the catalog says when it is asked again. */
  readonly later?: readonly ForeignKey[];
  readonly budget?: number;
  /** Milliseconds that a count takes. */
  readonly takes?: number;
}

/** A server that counts one orphan in each table of an even number, and fails where told. */
async function scan({ keys, bad = {}, later = keys, budget = 20, takes = 10 }: World) {
  let left = 60_000;
  const counts: string[] = [];
  const answer = async ({ id, sql }: Statement): Promise<readonly Row[]> => {
    if (id === "locked-tables") return [];
    if (id === "foreign-keys") return later.map((each) => ({ ...each }));
    left -= takes;
    counts.push(sql);
    for (const [table, errorClass] of Object.entries(bad)) {
      if (sql.includes(`ONLY public.${table} `)) {
        throw new DatabaseError(errorClass, `${table} is bad`, { hint: "" });
      }
    }
    const oids = [...sql.matchAll(/SELECT (\d+) AS "oid"/g)].map(([, oid]) => Number(oid));
    return oids.map((oid) => ({ oid, orphans: oid % 2 === 0 ? 1 : 0, partlyNull: 0 }));
  };
  const server = { inRecovery: false, versionNum: 180_000 };
  const context = {
    session: { rows: answer, server },
    server,
    options: { budget, largest: 100 * 1024 ** 2 },
    remaining: () => left,
    read: async (read: { id: string }) => (read.id === "planner-calls" ? [] : keys),
  };
  const result: OrphanScan = await orphanScan.run(
    context as unknown as Parameters<typeof orphanScan.run>[0],
  );
  return { result, counts };
}

const unseen = ({ unseen }: OrphanScan) => unseen.map((u) => `${u.identity}: ${u.obstacle}`);

test("two thousand small tables take few statements", async () => {
  const { result, counts } = await scan({ keys: keys(2000) });
  expect(result).toMatchObject({ total: 2000, counted: 2000, unseen: [] });
  expect(result.broken).toHaveLength(1000);
  expect(counts.length).toBeLessThan(45);
});

test("batches grow smaller where they take long, and hold few locks", async () => {
  const { counts } = await scan({ keys: keys(64), takes: 200 });
  expect(counts.map((sql) => sql.match(/AS "oid"/g)?.length)).toEqual([
    16,
    8,
    4,
    2,
    ...Array.from({ length: 34 }, () => 1),
  ]);
});

test("of a batch only the table that fails is left out, each with its own cause", async () => {
  const { result, counts } = await scan({
    keys: keys(100),
    bad: { t7: "lock", t50: "timeout", t51: "privilege", t99: "other" },
  });
  expect(result.counted).toBe(96);
  expect(unseen(result).sort()).toEqual([
    "k50 on public.t50: slow",
    "k51 on public.t51: privilege",
    "k7 on public.t7: locked",
    "k99 on public.t99: failed",
  ]);
  expect(counts.length).toBeLessThan(50);
});

test("a table that was dropped meanwhile is no question any more; an altered one is asked again", async () => {
  const before = [key(1), key(2), key(3)];
  const renamed = key(3, { child: side("t3_new", 1003), identity: "k3 on public.t3_new" });
  const { result } = await scan({
    keys: before,
    bad: { t2: "changed-underneath", t3: "changed-underneath" },
    later: [key(1), renamed],
  });
  expect(result).toMatchObject({ total: 2, counted: 2, unseen: [] });
});

test("what the budget does not reach is out of time; the doubtful and the small were first", async () => {
  const large = side("t1", 1001, 9000);
  const { result } = await scan({
    keys: [
      key(1, { child: large }),
      key(2, { child: side("t2", 1002, 5000) }),
      key(4, { isValidated: false, child: { ...large, table: "t4", sqlTable: "public.t4" } }),
    ],
    budget: 1,
    takes: 600,
  });
  expect(result.broken.map(({ oid }) => oid)).toEqual([4, 2]);
  expect(unseen(result)).toEqual(["k1 on public.t1: out-of-time"]);
});

test("when the server goes away the whole check fails, not one constraint", async () => {
  await expect(scan({ keys: keys(3), bad: { t2: "going-away" } })).rejects.toThrow("t2 is bad");
});

test("what cannot be counted is known before it is tried", async () => {
  const foreign = { ...side("t", 1, 1), hasForeignTable: true };
  const crowd = { ...side("t", 1), relations: Array.from({ length: 1001 }, (_, i) => i) };
  const { result, counts } = await scan({
    keys: [
      key(1, { isTemporal: true }),
      key(2, { child: foreign }),
      key(3, { parent: crowd }),
      key(4, { untrusted: "operator public.===" }),
      key(5, { parent: side("p", 1, 12_801) }),
      key(6, { childLacks: ["p_id"] }),
    ],
  });
  expect(counts).toEqual([]);
  expect(unseen(result).map((each) => each.split(": ")[1])).toEqual([
    "temporal",
    "foreign-table",
    "partitions",
    "untrusted",
    "large",
    "privilege",
  ]);
});

import { beforeAll, expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { refine } from "../../lib/schema/refine.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import type { Windows } from "../../lib/schema/windows.ts";
import { testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";

const odd = `"odd ""events"`;
const day = (month: number) => new Date(Date.UTC(2026, month - 1)).toISOString().slice(0, 10);
const named = (month: number) => `"odd ""events_${month}"`;
const make = (from: number, to = from) =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const values = `FROM ('${day(from + i)}') TO ('${day(from + i + 1)}')`;
    return `CREATE TABLE ${named(from + i)} PARTITION OF ${odd} FOR VALUES ${values};`;
  }).join("");
const drop = (...months: number[]) => months.map((n) => `DROP TABLE ${named(n)};`).join("");
const detach = (month: number) => `ALTER TABLE ${odd} DETACH PARTITION ${named(month)};`;
const parent = `CREATE TABLE ${odd} (at timestamptz PRIMARY KEY, n int) PARTITION BY RANGE (at);`;

const year = (n: number) => `
  CREATE TABLE y${n} PARTITION OF events FOR VALUES FROM (${n}) TO (${n + 1}) PARTITION BY LIST (n);
  CREATE TABLE y${n}_1 PARTITION OF y${n} FOR VALUES IN (1);
  CREATE TABLE y${n}_rest PARTITION OF y${n} DEFAULT;`;
const years = "CREATE TABLE events (at int, n int) PARTITION BY RANGE (at);";

const job = (n: number) => `
  CREATE TABLE e${n} PARTITION OF events FOR VALUES FROM (${n}) TO (${n + 1});
  ALTER TABLE e${n} REPLICA IDENTITY FULL; CREATE INDEX ON e${n} USING brin (at);`;

/** Each in a schema of its own: how it begins, and what is done before each look after that. */
const scenarios: Readonly<Record<string, readonly string[]>> = {
  rolling: [
    `${parent}${make(1, 4)}CREATE TABLE rest PARTITION OF ${odd} DEFAULT`,
    `${drop(1)}${make(5)}`,
    make(6, 8),
    drop(2),
    drop(3, 4),
  ],
  lost: [
    `${parent}${make(1, 6)}`,
    `${drop(3)}${make(7)}`,
    drop(1, 2),
    `${make(8, 10)}${drop(4, 5, 6, 7, 8)}`,
    drop(9),
  ],
  detached: [
    `${parent}${make(1, 4)}`,
    `${detach(1)}${make(5)}`,
    drop(1),
    `${detach(2)}${make(6)} ALTER TABLE ${named(2)} SET SCHEMA archive`,
    detach(4),
  ],
  nested: [
    `${years}${year(1)}${year(2)}`,
    `DROP TABLE y1; ${year(3)}`,
    "DROP TABLE y2_1",
    "DROP TABLE events",
    `${years}${year(1)}`,
  ],
  days: [
    `CREATE TABLE days (at date) PARTITION BY LIST (at);
     CREATE TABLE d1 PARTITION OF days FOR VALUES IN ('2026-01-01');
     CREATE TABLE d2 PARTITION OF days FOR VALUES IN ('2026-01-02')`,
    "DROP TABLE d1; CREATE TABLE d3 PARTITION OF days FOR VALUES IN ('2026-01-03')",
    "CREATE TABLE rest PARTITION OF days DEFAULT",
  ],
  names: [
    `CREATE TABLE tenants (n int) PARTITION BY LIST (n);
     CREATE TABLE t1 PARTITION OF tenants FOR VALUES IN (1);
     CREATE TABLE parts (n int) PARTITION BY HASH (n);
     CREATE TABLE h0 PARTITION OF parts FOR VALUES WITH (modulus 2, remainder 0)`,
    "DROP TABLE t1; CREATE TABLE t2 PARTITION OF tenants FOR VALUES IN (2)",
    "CREATE TABLE h1 PARTITION OF parts FOR VALUES WITH (modulus 2, remainder 1)",
  ],
  jobs: [
    `CREATE TABLE events (at timestamptz, n int) PARTITION BY RANGE (n);
     ALTER TABLE events ENABLE ROW LEVEL SECURITY; ${job(1)}`,
    job(2),
    `${job(3)} CREATE INDEX by_hand ON e3 (n)`,
  ],
};

const looks: Snapshot[] = [];
beforeAll(async () => {
  await using db = await testDatabase({ sql: "CREATE SCHEMA archive" });
  for (const name of Object.keys(scenarios)) await db.sql(`CREATE SCHEMA ${name}`);
  for (let night = 0; night < 5; night += 1) {
    for (const [name, nights] of Object.entries(scenarios)) {
      await db.sql(`SET search_path = ${name}; ${nights[night] ?? ""}`);
    }
    looks.push(await snapshotAt(db.url()));
  }
});

/** What is told of each night, and what is counted. */
function told(name: string) {
  let windows: Windows = {};
  return looks.slice(1, scenarios[name]?.length).map((after, i) => {
    const before = looks[i] ?? after;
    const isOwn = (schema = "") => schema === name || (name === "detached" && schema === "archive");
    const differences = diff(before, after).filter((one) =>
      isOwn((one.after ?? one.before)?.schema),
    );
    const between = { are: "two times", windows, decides: true } as const;
    const refined = refine(differences, { before, after }, { between });
    windows = refined.windows ?? {};
    const lines = refined.differences.map(({ change, kind, identity, consequences }) =>
      [`${change} ${kind} ${identity}`, ...(consequences.length > 0 ? ["and its parts"] : [])]
        .join(" ")
        .replaceAll(`${name}.`, ""),
    );
    return { lines, apart: refined.apart.map((one) => one.replaceAll(`${name}.`, "")) };
  });
}

const grown = (n: number) => `${n} new partition${n > 1 ? "s" : ""} of the usual shape`;
const gone = (...names: string[]) =>
  `${names.length} old partition${names.length > 1 ? "s" : ""} gone as newer ones came: ${names.join(", ")}`;
const removed = (...months: number[]) =>
  months.map((month) => `removed table ${named(month)} and its parts`);

test("the oldest partitions that go as newer ones come, then or before, went with time", () => {
  expect(told("rolling")).toEqual([
    { lines: [], apart: [grown(1), gone(named(1))] },
    { lines: [], apart: [grown(3)] },
    { lines: [], apart: [gone(named(2))] },
    { lines: [], apart: [gone(named(3), named(4))] },
  ]);
});

test("one from the middle, one that no newer one came for, and most of them at once are told", () => {
  expect(told("lost")).toEqual([
    { lines: removed(3), apart: [grown(1)] },
    { lines: removed(1, 2), apart: [] },
    { lines: removed(4, 5, 6, 7), apart: [grown(2)] },
    { lines: [], apart: [gone(named(9))] },
  ]);
});

test("what is detached, and dropped later or put into an archive, went with time too", () => {
  expect(told("detached")).toEqual([
    { lines: [], apart: [grown(1), gone(named(1))] },
    { lines: [], apart: [gone(named(1))] },
    { lines: [], apart: [grown(1), gone(named(2))] },
    { lines: [`changed table ${named(4)} and its parts`], apart: [] },
  ]);
});

test("a table of partitions goes with theirs, and is one", () => {
  expect(told("nested")).toEqual([
    { lines: [], apart: [grown(3), gone("y1")] },
    { lines: ["removed table y2_1 and its parts"], apart: [] },
    { lines: ["removed table events and its parts"], apart: [] },
    { lines: ["added table events and its parts"], apart: [] },
  ]);
});

test("a list of days rolls; one of a hash or of names, and a DEFAULT partition, somebody decided on", () => {
  expect(told("days")).toEqual([
    { lines: [], apart: [grown(1), gone("d1")] },
    { lines: ["added table rest and its parts"], apart: [] },
  ]);
  expect(told("names")).toEqual([
    { lines: ["removed table t1 and its parts"], apart: [grown(1)] },
    { lines: ["added table h1 and its parts"], apart: [] },
  ]);
});

test("what a job gives to every partition is their usual shape", () => {
  expect(told("jobs").map(({ lines }) => lines)).toEqual([[], ["added table e3 and its parts"]]);
});

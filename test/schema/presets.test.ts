import { expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { byPlace, type Fact } from "../../lib/schema/fact.ts";
import { refine } from "../../lib/schema/refine.ts";

const table = (identity: string, partitionOf?: string): Fact => {
  const [schema = "", name = ""] = identity.split(".");
  const facets = partitionOf === undefined ? {} : { inheritance: { partitionOf } };
  return { kind: "table", identity, schema, name, facets };
};
const extension = (name: string): Fact => ({
  kind: "extension",
  identity: name,
  name,
  facets: { structure: { version: "1.0" } },
});

/** What is told, and what is counted, of a change of these facts. */
function told(old: readonly Fact[], now: readonly Fact[]) {
  const [before, after] = [old, now].map((facts) => ({
    facts: facts.toSorted(byPlace),
    unread: [],
  }));
  if (before === undefined || after === undefined) throw new Error("two sides");
  const { differences, apart } = refine(diff(before, after), { before, after }, {});
  return { lines: differences.map(({ change, identity }) => `${change} ${identity}`), apart };
}

const events = table("public.events");

test("pg_partman's partitions come and go, and are detached; a table of that name is told", () => {
  const partman = extension("pg_partman");
  const old = table("public.events_p20260101", "public.events");
  const kept = table("public.events_p20260201", "public.events");
  expect(
    told(
      [partman, events, old, kept],
      [
        partman,
        events,
        table("public.events_p20260201"),
        table("public.events_p20261201", "public.events"),
        table("public.other_p20261201"),
      ],
    ),
  ).toEqual({
    lines: ["added public.other_p20261201"],
    apart: ["pg_partman is here: 3 of its partitions came or went"],
  });
  expect(told([events, old], [events]).lines).toEqual(["removed public.events_p20260101"]);
});

const column = (identity: string, facets: Fact["facets"]): Fact => {
  const [schema = "", table = "", name = ""] = identity.split(".");
  return {
    kind: "column",
    identity,
    schema,
    name,
    table,
    partOf: [`table ${schema}.${table}`],
    facets,
  };
};

test("what a partition that retention detaches leaves behind goes with it", () => {
  const partman = extension("pg_partman");
  const name = "public.events_p20260101";
  const identity = column(`${name}.id`, {
    structure: { type: "bigint", identity: "always" },
    inheritance: { inherited: true },
  });
  const plain = column(`${name}.id`, { structure: { type: "bigint" } });
  const index: Fact = { ...plain, kind: "index", identity: "public.events_p20260101_idx" };
  const before = [partman, events, table(name, "public.events"), identity, index];
  const apart = ["pg_partman is here: 1 of its partitions came or went"];
  expect(told(before, [partman, events, table(name), plain])).toEqual({ lines: [], apart });
  const altered = column(`${name}.id`, { structure: { type: "integer" } });
  expect(told(before, [partman, events, table(name), altered])).toEqual({
    lines: [`changed ${name}.id`],
    apart,
  });
});

test("retention may move a table; the default partition, a template or another's partition is told", () => {
  const partman = extension("pg_partman");
  const [old, fallback] = ["public.events_p20260101", "public.events_default"];
  const before = [partman, events, table(old, "public.events"), table(fallback, "public.events")];
  const now = [partman, events, table("archive.events_p20260101")];
  expect(told(before, now)).toEqual({
    lines: [`removed ${fallback}`],
    apart: ["pg_partman is here: 2 of its partitions came or went"],
  });
  expect(
    told(before, [
      ...before,
      table("partman.template_public_events"),
      table("public.x_p1", "public.y"),
    ]).lines,
  ).toEqual(["added partman.template_public_events", "added public.x_p1"]);
});

test("retention takes the oldest: a partition from the middle is told", () => {
  const months = [1, 2, 3].map((month): Fact => {
    const bound = `FOR VALUES FROM ('2026-0${month}-01') TO ('2026-0${month + 1}-01')`;
    const one = table(`public.events_p20260${month}01`, "public.events");
    return { ...one, facets: { inheritance: { ...one.facets.inheritance, bound } } };
  });
  const before = [extension("pg_partman"), events, ...months];
  const without = (...gone: number[]) => before.filter((_, i) => !gone.includes(i - 1));
  expect(told(before, without(1))).toEqual({
    lines: [],
    apart: ["pg_partman is here: 1 of its partitions came or went"],
  });
  expect(told(before, without(2))).toEqual({
    lines: ["removed public.events_p20260201"],
    apart: [],
  });
});

test.each([
  "events_p20260101",
  "events_p20260101_030000",
  "events_p2026_11",
  "events_p2026q4",
  "events_p2026w47",
  "events_p-1000",
  "events_p20260101_p20260105",
])("a partition may be called %s", (name) => {
  const parent = name.endsWith("_p20260105") ? "public.events_p20260101" : "public.events";
  const facts = [extension("pg_partman"), events];
  expect(told(facts, [...facts, table(`public.${name}`, parent)]).lines).toEqual([]);
});

test("timescaledb's chunks are its own; without the extension a schema of that name is not", () => {
  const chunk = table("_timescaledb_internal._hyper_1_2_chunk");
  const scale = extension("timescaledb");
  expect(told([scale], [scale, chunk])).toEqual({
    lines: [],
    apart: ["timescaledb is here: 1 of its chunks came or went"],
  });
  expect(told([], [chunk]).lines).toHaveLength(1);
  const elsewhere: Fact = {
    ...table("chunks.own_prefix_7_chunk"),
    facets: { inheritance: { inherits: ["public.events"] } },
  };
  expect(told([scale], [scale, elsewhere]).lines).toEqual([]);
  expect(told([scale], [scale, table("public.big_7_chunk")]).lines).toHaveLength(1);
});

test("a Citus shard is one of a table that is there", () => {
  const citus = extension("citus");
  const shards = [table("public.events_102008"), table("public.none_102009")];
  expect(told([citus, events], [citus, events, ...shards])).toEqual({
    lines: ["added public.none_102009"],
    apart: ["citus is here: 1 of its shards came or went"],
  });
});

test("a shard whose name was cut carries a hash", () => {
  const citus = extension("citus");
  const long = table(`public.${"o".repeat(50)}_of_customers`);
  const shard = table(`public.${"o".repeat(47)}_0a1b2c3d_102010`);
  expect(told([citus, long], [citus, long, shard]).lines).toEqual([]);
  const own = table("public.orders_0a1b2c3d_102010");
  expect(told([citus, long], [citus, long, own]).lines).toEqual([
    "added public.orders_0a1b2c3d_102010",
  ]);
});

test("AWS DMS is known by the names of its objects", () => {
  expect(told([], [table("public.awsdms_ddl_audit"), table("public.own")])).toEqual({
    lines: ["added public.own"],
    apart: ["AWS DMS is here: 1 of its objects came or went"],
  });
});

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

test("timescaledb's chunks are its own; without the extension a schema of that name is not", () => {
  const chunk = table("_timescaledb_internal._hyper_1_2_chunk");
  const scale = extension("timescaledb");
  expect(told([scale], [scale, chunk])).toEqual({
    lines: [],
    apart: ["timescaledb is here: 1 of its chunks came or went"],
  });
  expect(told([], [chunk]).lines).toHaveLength(1);
});

test("a Citus shard is one of a table that is there", () => {
  const citus = extension("citus");
  const shards = [table("public.events_102008"), table("public.none_102009")];
  expect(told([citus, events], [citus, events, ...shards])).toEqual({
    lines: ["added public.none_102009"],
    apart: ["citus is here: 1 of its shards came or went"],
  });
});

test("AWS DMS is known by the names of its objects", () => {
  expect(told([], [table("public.awsdms_ddl_audit"), table("public.own")])).toEqual({
    lines: ["added public.own"],
    apart: ["AWS DMS is here: 1 of its objects came or went"],
  });
});

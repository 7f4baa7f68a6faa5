import type { Difference } from "./diff.ts";
import type { Fact } from "./fact.ts";
import { ownedByPartman } from "./presets/partman.ts";
import { factOf, type Sides } from "./sides.ts";
import { eachFact } from "./unlike.ts";
import { outOfOrder } from "./windows.ts";

/** Software that makes and drops objects by itself: what is its own is no drift. */
interface Preset {
  readonly tool: string;
  /** What of it comes and goes; the tables of these are counted, or all objects. */
  readonly makes: "partitions" | "chunks" | "shards" | "objects";
  readonly isSignedBy: (fact: Fact) => boolean;
  readonly owned: (differences: readonly Difference[], tables: Tables) => readonly Difference[];
}

/** Those that are there now, as `schema.name` without quotes. */
interface Tables {
  readonly has: (name: string) => boolean;
  readonly begin: (name: string) => boolean;
  /** Is it gone, while older partitions of its table are there? No retention does that. */
  readonly isOutOfOrder: (difference: Difference) => boolean;
}

const isExtension =
  (name: string) =>
  ({ kind, identity }: Fact): boolean =>
    kind === "extension" && identity === name;

/** The facts of a difference, that which is there now first. */
const those =
  (isOwn: (fact: Fact) => boolean) =>
  (differences: readonly Difference[]): readonly Difference[] =>
    differences.filter((one) => {
      const fact = factOf(one);
      return fact !== null && isOwn(fact);
    });

/**
 * awsdms_ddl_audit, awsdms_intercept_ddl, awsdms_heartbeat, awsdms_status, awsdms_changes…: of a
 * source https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html and of a target
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.ControlTable.html
 */
const isAwsDms = (fact: Fact): boolean =>
  fact.name.startsWith("awsdms_") || (fact.table?.startsWith("awsdms_") ?? false);

/**
 * `_timescaledb_internal._hyper_1_2_chunk`, its compressed one, what continuous aggregates keep
 * there; in a hypertable's own associated schema a table that inherits from it:
 * chunk_choose_table_name() in src/chunk.c of 2.29. All else of theirs is the extension's member.
 */
const isTimescales = (fact: Fact): boolean =>
  fact.schema === "_timescaledb_internal" ||
  (/_\d+_chunk$/.test(fact.table ?? fact.name) &&
    (fact.kind !== "table" || Array.isArray(fact.facets.inheritance?.inherits)));

/** `events_102008`; a long name is cut, with a hash: AppendShardIdToName() of Citus 13 to 15. */
const shardOf = /^(.*?)(_[0-9a-f]{8})?_\d{6,}$/s;

const presets: readonly Preset[] = [
  {
    tool: "pg_partman",
    makes: "partitions",
    isSignedBy: isExtension("pg_partman"),
    owned: ownedByPartman,
  },
  {
    tool: "timescaledb",
    makes: "chunks",
    isSignedBy: isExtension("timescaledb"),
    owned: those(isTimescales),
  },
  { tool: "AWS DMS", makes: "objects", isSignedBy: isAwsDms, owned: those(isAwsDms) },
  {
    tool: "citus",
    makes: "shards",
    isSignedBy: isExtension("citus"),
    // Shard numbers begin at 102008; the table that they are of is there under its own name.
    owned: (differences, tables) =>
      those((fact) => {
        const name = fact.table ?? fact.name;
        const [, base, hash = ""] = shardOf.exec(name) ?? [];
        if (base === undefined) return false;
        const isCut = hash !== "" && Buffer.byteLength(name) > 55;
        const whole = `${fact.schema}.${base}`;
        return isCut ? tables.begin(whole) : tables.has(`${whole}${hash}`);
      })(differences),
  },
];

/** Of each tool that is here: what it made or dropped. */
interface OwnedBy {
  readonly differences: readonly Difference[];
  /** `pg_partman is here: 3 of its partitions came or went` */
  readonly says: string;
}

const anyTable: Tables = { has: () => true, begin: () => true, isOutOfOrder: () => false };

export function ownedByTools(
  differences: readonly Difference[],
  { before, after }: Sides,
): readonly OwnedBy[] {
  const able = presets.filter(({ owned }) => owned(differences, anyTable).length > 0);
  if (able.length === 0) return [];
  const here = new Set<Preset>();
  const names = new Set<string>();
  for (const side of [before, after]) {
    for (const fact of eachFact(side)) {
      for (const one of able) if (one.isSignedBy(fact)) here.add(one);
      if (side === after && fact.kind === "table") names.add(`${fact.schema}.${fact.name}`);
    }
  }
  const odd = outOfOrder(differences, before);
  const tables: Tables = {
    isOutOfOrder: (one) => odd.has(one),
    has: (name) => names.has(name),
    begin: (start) => [...names].some((name) => name.startsWith(start)),
  };
  return able
    .filter((preset) => here.has(preset))
    .flatMap(({ tool, makes, owned }) => {
      const own = owned(differences, tables);
      if (own.length === 0) return [];
      const ofThem = own.filter(({ kind }) => kind === "table");
      const n = makes === "objects" || ofThem.length === 0 ? own.length : ofThem.length;
      return [{ differences: own, says: `${tool} is here: ${n} of its ${makes} came or went` }];
    });
}

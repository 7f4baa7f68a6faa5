import type { Difference } from "./diff.ts";
import type { Fact } from "./fact.ts";
import { factOf, partitionOf, type Sides } from "./sides.ts";
import { eachFact } from "./unlike.ts";

/** Software that makes and drops objects by itself: what is its own is no drift. */
interface Preset {
  readonly tool: string;
  /** What of it comes and goes. */
  readonly makes: string;
  readonly isSignedBy: (fact: Fact) => boolean;
  readonly owns: (difference: Difference, isThere: (identity: string) => boolean) => boolean;
}

const isExtension =
  (name: string) =>
  ({ kind, identity }: Fact): boolean =>
    kind === "extension" && identity === name;

/** `events_p20261120`, `events_p2026_11`, `events_default`: check_name_length() of pg_partman. */
const partmans = /_(p\d[\dw_]*|default)"?$/;

const isAwsDms = (fact: Fact): boolean =>
  fact.name.startsWith("awsdms_") || (fact.table?.startsWith("awsdms_") ?? false);

const presets: readonly Preset[] = [
  {
    tool: "pg_partman",
    makes: "partitions",
    isSignedBy: isExtension("pg_partman"),
    // Retention may leave the table and detach it: part_config.retention_keep_table.
    owns: ({ change, before, after, attributes }) =>
      partmans.test((after ?? before)?.name ?? "") &&
      (change === "changed"
        ? partitionOf(before) !== undefined &&
          partitionOf(after) === undefined &&
          attributes.every(({ facet }) => facet === "inheritance")
        : partitionOf(after ?? before) !== undefined),
  },
  {
    tool: "timescaledb",
    makes: "chunks",
    isSignedBy: isExtension("timescaledb"),
    owns: (difference) => factOf(difference)?.schema?.startsWith("_timescaledb_") ?? false,
  },
  {
    tool: "AWS DMS",
    makes: "objects",
    isSignedBy: isAwsDms,
    owns: (difference) => {
      const fact = factOf(difference);
      return fact !== null && isAwsDms(fact);
    },
  },
  {
    tool: "citus",
    makes: "shards",
    isSignedBy: isExtension("citus"),
    // Shard numbers begin at 102008; the table that they are of is there under its own name.
    owns: (difference, isThere) => {
      const [, base] = /^(.*)_\d{6,}"?$/s.exec(factOf(difference)?.table ?? "") ?? [];
      const [, whole] = /^(.*)_\d{6,}$/s.exec(difference.identity) ?? [];
      return (
        (whole !== undefined && isThere(whole)) ||
        (base !== undefined && isThere(`${factOf(difference)?.schema}.${base}`))
      );
    },
  },
];

/** Of each tool that is here: what it made or dropped. */
export interface OwnedBy {
  readonly tool: string;
  readonly makes: string;
  readonly differences: readonly Difference[];
}

export function ownedByTools(
  differences: readonly Difference[],
  { before, after }: Sides,
): readonly OwnedBy[] {
  const able = presets.filter(({ owns }) => differences.some((one) => owns(one, () => true)));
  if (able.length === 0) return [];
  const here = new Set<Preset>();
  const tables = new Set<string>();
  for (const side of [before, after]) {
    for (const fact of eachFact(side)) {
      for (const one of able) if (one.isSignedBy(fact)) here.add(one);
      if (side === after && fact.kind === "table") tables.add(fact.identity);
    }
  }
  return able
    .filter((preset) => here.has(preset))
    .map(({ tool, makes, owns }) => ({
      tool,
      makes,
      differences: differences.filter((one) => owns(one, (identity) => tables.has(identity))),
    }));
}

import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import { count } from "../../../core/units.ts";
import type { SuspectIndex } from "../../reads/invalid-indexes.ts";
import type { MissingPartitionIndex } from "../../reads/missing-partition-indexes.ts";

/** As many partitions as a person reads; the rest goes the same way. */
const named = 10;

/**
 * A partitioned index holds no rows: queries use its parts, whether it is valid or not. It becomes
 * valid when the last partition's part is attached
 * (https://www.postgresql.org/docs/current/ddl-partitioning.html).
 */
export function sayPartitioned(
  index: SuspectIndex,
  missing: readonly MissingPartitionIndex[],
): FindingDraft {
  const { schema, name, table, identity, isUnique, lacking, partitionCount } = index;
  const absent = lacking.filter((part) => part.index === null && part.kind !== "foreign");
  const foreign = lacking.filter((part) => part.kind === "foreign");
  const invalid = lacking.flatMap((part) => part.index ?? []);
  return {
    object: { kind: "index", schema, name, table, identity },
    severity: "notice",
    summary: summaryOf(index, absent, invalid),
    detail: [
      "Queries use the partitions' own indexes; ON CONFLICT and foreign keys need the whole.",
      ...(isUnique && absent.length > 0 ? ["Duplicates are not refused in those partitions."] : []),
      ...(foreign.length === 0
        ? []
        : [`Foreign tables cannot have a part: ${list(foreign)}. It will stay invalid.`]),
    ],
    evidence: {
      isUnique,
      partitions: partitionCount,
      lacking: absent.map((part) => part.identity),
      invalid,
      beingBuilt: false,
    },
    remedy: remedyFor(index, absent, missing),
  };
}

type Part = SuspectIndex["lacking"][number];

const list = (parts: readonly Part[]): string => sayList(parts.map((part) => part.identity));

const sayList = (identities: readonly string[]): string =>
  identities.length <= named
    ? identities.join(", ")
    : `${identities.slice(0, named).join(", ")} and ${identities.length - named} more`;

function summaryOf(
  { identity, partitionCount }: SuspectIndex,
  absent: readonly Part[],
  invalid: readonly string[],
): string {
  const of = `Partitioned index ${identity}`;
  if (absent.length > 0) {
    return `${of} lacks ${absent.length} of ${count(partitionCount, "partition")}: ${list(absent)}`;
  }
  if (invalid.length > 0) return `${of} is invalid as its part ${sayList(invalid)} is`;
  return `${of} is marked invalid though every partition has its part`;
}

function remedyFor(
  { identity, isUnique, constraint, lacking, soundPart }: SuspectIndex,
  absent: readonly Part[],
  missing: readonly MissingPartitionIndex[],
): Remedy {
  if (absent.length === 0) {
    const part = lacking.find(({ index }) => index !== null)?.index ?? soundPart;
    return {
      summary:
        "Once every part is valid, attach one again: recent releases then mark the whole valid. Others leave the mark, which no query minds.",
      ...(part === null ? {} : { sql: `ALTER INDEX ${identity} ATTACH PARTITION ${part};` }),
      lock: "Short: the index alone",
    };
  }
  const steps = absent.slice(0, named).flatMap((part) => {
    const words = missing.find((m) => m.index === identity && m.partition === part.identity);
    return words === undefined ? [] : stepsFor(identity, part, words, isUnique, constraint);
  });
  return {
    summary: [
      "Build each partition's part and attach it, one statement at a time.",
      ...(absent.length > named ? [`${absent.length - named} more partitions likewise.`] : []),
      ...(absent.some((part) => part.kind === "partitioned")
        ? ["A partition that is partitioned itself then lacks its own parts: look again."]
        : []),
    ].join(" "),
    ...(steps.length === 0 ? {} : { sql: steps.join("\n") }),
    lock: "CREATE INDEX CONCURRENTLY: SHARE UPDATE EXCLUSIVE on the partition, reads and writes go on",
  };
}

function stepsFor(
  parent: string,
  part: Part,
  words: MissingPartitionIndex,
  isUnique: boolean,
  constraint: SuspectIndex["constraint"],
): readonly string[] {
  const { attachable, definition, newName, newIdentity } = words;
  const attach = (child: string) => `ALTER INDEX ${parent} ATTACH PARTITION ${child};`;
  if (attachable !== null) return [attach(attachable)];
  const create = isUnique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
  if (part.kind === "partitioned") {
    return constraint === null
      ? [`${create} ${newName} ON ONLY ${part.identity} ${definition};`, attach(newIdentity)]
      : [
          `ALTER TABLE ONLY ${part.identity} ADD CONSTRAINT ${newName} ${constraint.toUpperCase()} ${keyOf(definition)};`,
          attach(newIdentity),
        ];
  }
  return [
    `${create} CONCURRENTLY ${newName} ON ${part.identity} ${definition};`,
    ...(constraint === null
      ? []
      : [
          `ALTER TABLE ${part.identity} ADD CONSTRAINT ${newName} ${constraint.toUpperCase()} USING INDEX ${newName};`,
        ]),
    attach(newIdentity),
  ];
}

/** `USING btree (a, b) INCLUDE (c)` as a constraint says it. */
const keyOf = (definition: string): string => definition.replace(/^USING \w+ /, "");

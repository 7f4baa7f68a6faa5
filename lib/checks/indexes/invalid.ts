import * as z from "zod";
import { defineCheck, type JudgeContext } from "../../core/check.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import { invalidIndexes, type SuspectIndex } from "../reads/invalid-indexes.ts";
import { examples } from "./invalid/examples.ts";
import { sayPartitioned } from "./invalid/partitioned.ts";
import { sayPlain } from "./invalid/plain.ts";

const remembered = z.object({ firstSeen: z.record(z.string(), z.iso.datetime()) });

export const indexesInvalid = defineCheck({
  id: "indexes/invalid",
  title: "Every index is valid",
  failureTitle: "Index that PostgreSQL does not use",
  why: "A failed CREATE or REINDEX CONCURRENTLY leaves an index that costs and helps nobody; a unique one may accept duplicates.",
  source:
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
  options: z.object({
    replicaPatience: duration
      .prefault("1h")
      .describe("On a replica, how long an index has been invalid before it is told."),
  }),
  profiles: ["hourly", "nightly", "watch"],
  expectedInDeployment: true,
  reads: { indexes: invalidIndexes },

  judge({ indexes: { indexes, schemas, suspects, missing } }, { replicaPatience }, context) {
    const idle = suspects.filter(({ isBusy }) => !isBusy);
    const busy = suspects.length - idle.length;
    const { told, waiting, memory } = context.server?.inRecovery
      ? seenForLong(idle, replicaPatience, context)
      : { told: idle, waiting: [], memory: undefined };
    return {
      scope: [
        `${count(indexes, "index", "indexes")} in ${count(schemas, "schema")}`,
        ...(busy === 0 ? [] : [`${busy} ${busy === 1 ? "is" : "are"} being built or dropped`]),
      ].join("; "),
      findings: told
        .filter((index) => !waitsForItsPart(index))
        .map((index) => (index.isPartitioned ? sayPartitioned(index, missing) : sayPlain(index))),
      ...(waiting.length === 0 ? {} : { blind: unsure(waiting, replicaPatience) }),
      ...(memory === undefined ? {} : { memory }),
    };
  },

  examples,
});

/**
 * A replica sees no lock of its primary, so that an index being built looks like one left behind.
 * Only time tells them apart. Remembered by OID: every try makes a new index under the same name.
 */
function seenForLong(
  indexes: readonly SuspectIndex[],
  patience: number,
  { now, previous }: JudgeContext,
) {
  const before = remembered.safeParse(previous?.memory).data?.firstSeen ?? {};
  const firstSeen = Object.fromEntries(
    indexes.map(({ oid }) => [String(oid), before[String(oid)] ?? now.toISOString()]),
  );
  const isOld = ({ oid }: SuspectIndex) =>
    now.getTime() - Date.parse(firstSeen[String(oid)] ?? "") >= patience * 1000;
  return {
    told: indexes.filter(isOld),
    waiting: indexes.filter((index) => !isOld(index)),
    memory: { firstSeen },
  };
}

const unsure = (waiting: readonly SuspectIndex[], patience: number) => ({
  cause: "lock" as const,
  reason: `${waiting.map(({ identity }) => identity).join(", ")} not valid: a replica does not see whether the primary is building it`,
  cure: `Look at the primary; or look again in ${sayDuration(patience)}, with --store to remember this look.`,
});

/** All it lacks is a partitioned index below, which is told, and which makes this one valid too. */
const waitsForItsPart = ({ isPartitioned, lacking }: SuspectIndex): boolean =>
  isPartitioned && lacking.length > 0 && lacking.every((part) => part.indexIsPartitioned);

import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { firstLook, type Past, pastsOf, saySince, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import type { Severity } from "../../core/severity.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import { type IndexUse, type IndexUseLook, indexUse } from "../reads/index-use.ts";
import { keysIn } from "../reads/key-set.ts";
import { noLongerUsedExamples } from "./no-longer-used/examples.ts";
import { neverScanned, noLongerScanned } from "./no-longer-used/finding.ts";
import { type KeptIndex, type Remembered, remembered } from "./no-longer-used/memory.ts";

const options = z.object({
  after: duration
    .prefault("24h")
    .describe("Told after so long: what runs by night has had its night by then"),
  scans: z.int().min(1).default(100).describe("So many scans before are use"),
  reads: z
    .int()
    .min(1)
    .default(1000)
    .describe("Its table was read so often since; our own counts read it too"),
});
type Options = z.output<typeof options>;

export const indexesNoLongerUsed = defineCheck({
  id: "indexes/no-longer-used",
  title: "Every index that was used is used still",
  failureTitle: "Index that nobody uses any more",
  why: "Queries found another way to their rows, which may be a slower one; an index that a deployment made and nobody scans costs every write.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
  options,
  profiles: ["watch"],
  needs: { store: true },
  counters: true,
  reads: { look: indexUse },

  judge({ look }, options, context) {
    const { server, baseline } = context;
    const { before, last, isAnother } = pastsOf(remembered, context, "counters");
    const [any] = look.indexes;
    const scope = count(look.total, "index that is no key", "indexes that are no keys");
    if (any === undefined || server === undefined) return { scope, findings: [] };
    const own = pictureOf(look, any, server, baseline?.watch ?? null);
    const goesOn = baseline !== undefined && last?.memory.watch === baseline.watch;
    const against = goesOn ? last : before;
    if (against === undefined) {
      return { ...firstLook(scope, { isAnother }), memory: own };
    }
    const kept = against.memory;
    const fresh = Object.fromEntries(
      freshIn(look, kept).map(({ identity, at, reads }) => [
        identity,
        kept.fresh[identity] ?? { at, reads },
      ]),
    );
    // A reset sets the counters to zero: what they say now came since.
    const isReset = kept.countedSince !== any.countedSince;
    const from = isReset ? (any.countedSince ?? against.at) : kept.at;
    const elapsed = secondsBetween(from, any.at);
    // Without a watch, each day is held against the day before.
    const isOver = baseline === undefined && elapsed >= options.after;
    const memory = isOver ? own : { ...kept, watch: baseline?.watch ?? null, fresh };
    const said = `${scope}; ${sayDuration(elapsed)} ${saySince({ at: kept.at, isBaseline: baseline !== undefined })}`;
    if (elapsed < options.after) {
      const reason = `too early to say: told ${sayDuration(options.after)} after`;
      return { scope: said, findings: [], blind: { cause: "not-applicable", reason }, memory };
    }
    const byOid = new Map(Object.values(kept.indexes).map((one) => [one.oid, one]));
    return {
      scope: said,
      findings: look.indexes.flatMap((index): FindingDraft[] => {
        const was = kept.indexes[index.identity] ?? byOid.get(index.oid);
        const since = { from, elapsed };
        if (was === undefined) return unscanned(index, fresh[index.identity], options);
        const severity = isUnused(index, was, isReset, options)
          ? severityOf(was, against, options)
          : undefined;
        return severity === undefined ? [] : [noLongerScanned(index, was, severity, since)];
      }),
      memory,
    };
  },

  examples: noLongerUsedExamples,
});

const mostKept = 300;

const pictureOf = (
  { indexes, known }: IndexUseLook,
  { at, countedSince }: IndexUse,
  server: Remembered["server"],
  watch: string | null,
): Remembered => ({
  server: countingServerSchema.parse(server),
  ...{ watch, at, countedSince, known },
  indexes: Object.fromEntries(
    indexes
      .slice(0, mostKept)
      .map(({ identity, oid, scans, reads, last }) => [identity, { oid, scans, reads, last }]),
  ),
  fresh: {},
});

/** Neither its name nor its OID was there: REINDEX CONCURRENTLY changes one, RENAME the other. */
function freshIn(look: IndexUseLook, { known, indexes, fresh }: Remembered): readonly IndexUse[] {
  const wasThere = keysIn(known);
  const oids = new Set(Object.values(indexes).map(({ oid }) => oid));
  return look.indexes
    .filter(
      ({ identity, oid }) =>
        fresh[identity] !== undefined || (!wasThere(identity) && !oids.has(oid)),
    )
    .slice(0, mostKept);
}

function isUnused(
  index: IndexUse,
  was: KeptIndex,
  isReset: boolean,
  { scans, reads }: Options,
): boolean {
  // Made anew under its name, or reset by itself, it counts from zero.
  const since = (now: number, then: number) => (isReset || now < then ? now : now - then);
  return (
    was.scans >= scans &&
    since(index.scans, was.scans) === 0 &&
    since(index.reads, was.reads) >= reads
  );
}

/**
 * One that had rested before as long as it rests now is a monthly job's. Where the server does not
 * say when it was last scanned, it may be.
 */
function severityOf(
  { last }: KeptIndex,
  { memory }: Past<Remembered>,
  { after }: Options,
): Severity | undefined {
  if (last === null) return "notice";
  return secondsBetween(last, memory.at) <= after ? "warning" : undefined;
}

function unscanned(
  index: IndexUse,
  seen: { readonly at: string; readonly reads: number } | undefined,
  { after, reads }: Options,
): FindingDraft[] {
  if (seen === undefined || index.scans > 0) return [];
  const elapsed = secondsBetween(seen.at, index.at);
  if (elapsed < after || index.reads - seen.reads < reads) return [];
  return [neverScanned(index, { from: seen.at, elapsed })];
}

import * as z from "zod";
import { DatabaseError } from "../../core/errors.ts";
import type { Statement } from "../../core/ports.ts";
import { procedure, type ReadContext } from "../../core/read.ts";
import { majorOf } from "../../core/server.ts";
import { rowsAs } from "../../core/typed.ts";
import { sequenceCatalog } from "./sequence-catalog.ts";

const sequenceSchema = sequenceCatalog.row.and(
  z.object({
    /** A 64-bit number as text. Null where not seen, and, before 18, where it never gave a value. */
    lastValue: z.string().nullable(),
    isCalled: z.boolean(),
    /** Why its value is not known, where it is not. `elsewhere`: unlogged, on the primary only. */
    unseen: z.enum(["privilege", "lock", "timeout", "elsewhere"]).nullable(),
  }),
);
export type Sequence = z.infer<typeof sequenceSchema>;
type Standing = Pick<Sequence, "lastValue" | "isCalled" | "unseen">;

/** Every sequence, and where it stands. */
export const sequences = procedure({
  id: "sequences",
  result: z.array(sequenceSchema),
  async run(context) {
    const catalog = await context.read(sequenceCatalog);
    const readable = catalog.filter(({ mayRead, isElsewhere }) => mayRead && !isElsewhere);
    const knowsData = majorOf(context.server) >= 18;
    const standings = new Map<number, Standing>();
    for (const way of knowsData ? [byData, byLastValue] : [byLastValue]) {
      const its = readable.filter(({ maySelect }) => !knowsData || maySelect === (way === byData));
      for (let from = 0; from < its.length; from += way.atOnce) {
        const oids = its.slice(from, from + way.atOnce).map(({ oid }) => oid);
        for (const [oid, standing] of await standingsOf(context, way, oids)) {
          standings.set(oid, standing);
        }
      }
    }
    return catalog.flatMap((sequence) => {
      if (sequence.isElsewhere) return [{ ...sequence, ...unseenBy("elsewhere") }];
      if (!sequence.mayRead) return [{ ...sequence, ...unseenBy("privilege") }];
      const standing = standings.get(sequence.oid);
      return standing === undefined ? [] : [{ ...sequence, ...standing }]; // dropped meanwhile
    });
  },
});

interface Way {
  readonly atOnce: number;
  statement(oids: readonly number[]): Statement;
}

/**
 * 18 gives back each ACCESS SHARE lock at once, and knows the next value of a sequence that was
 * set or restarted without having been called.
 */
const byData: Way = {
  atOnce: 5000,
  statement: (oids) => ({
    id: "sequence-data",
    sql: valuesSql(
      oids,
      ["AccessExclusiveLock"],
      "d.last_value",
      "d.is_called",
      `LEFT JOIN LATERAL pg_catalog.pg_get_sequence_data(
                  CASE WHEN NOT q.is_locked THEN q.oid END) d ON true`,
    ),
  }),
};

/**
 * Takes ROW EXCLUSIVE on each sequence until the transaction ends (sequence.c init_sequence): an
 * ALTER SEQUENCE that arrives waits for us, and the next nextval() behind it. So few at a time,
 * which is also a small part of the lock table (6,400 entries at the defaults), and briefly.
 */
const byLastValue: Way = {
  atOnce: 250,
  statement: (oids) => ({
    id: "sequence-last-values",
    timeout: 0.25,
    sql: valuesSql(
      oids,
      ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"],
      "d.last_value",
      "d.last_value IS NOT NULL",
      `CROSS JOIN LATERAL (SELECT CASE WHEN NOT q.is_locked
                                         THEN pg_catalog.pg_sequence_last_value(q.oid) END
                                    AS last_value OFFSET 0) d`,
    ),
  }),
};

/** Steps aside where a lock that conflicts with ours is held, or only waited for. */
const valuesSql = (
  oids: readonly number[],
  conflicting: readonly string[],
  lastValue: string,
  isCalled: string,
  from: string,
) => `
    WITH locked AS MATERIALIZED (
      SELECT l.relation
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_database b ON b.oid = l.database
       WHERE b.datname = pg_catalog.current_database()
         AND l.locktype = 'relation'
         AND l.mode IN (${conflicting.map((mode) => `'${mode}'`).join(", ")})
    ), q AS MATERIALIZED (
      SELECT c.oid, c.oid IN (SELECT k.relation FROM locked k) AS is_locked
        FROM pg_catalog.pg_class c
       WHERE c.relkind = 'S'
         AND c.oid IN (${oids.join(", ")})
    )
    SELECT q.oid                               AS "oid",
           q.is_locked                         AS "isLocked",
           ${lastValue}::pg_catalog.text       AS "lastValue",
           COALESCE(${isCalled}, false)        AS "isCalled"
      FROM q
      ${from}
     ORDER BY q.oid`;

const valueRow = z.object({
  oid: z.int(),
  isLocked: z.boolean(),
  lastValue: z.string().nullable(),
  isCalled: z.boolean(),
});

const unseenBy = (unseen: NonNullable<Sequence["unseen"]>): Standing => ({
  lastValue: null,
  isCalled: false,
  unseen,
});

/** Twice at most: the first try warms the cache, and the second one knows who locked meanwhile. */
async function standingsOf(
  { session }: ReadContext,
  way: Way,
  oids: readonly number[],
): Promise<readonly (readonly [number, Standing])[]> {
  const statement = way.statement(oids);
  let cause: "lock" | "timeout" = "lock";
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      return rowsAs(valueRow, await session.rows(statement), statement.id).map(
        ({ oid, isLocked, lastValue, isCalled }) =>
          [oid, isLocked ? unseenBy("lock") : { lastValue, isCalled, unseen: null }] as const,
      );
    } catch (error) {
      cause = lateBy(error);
    }
  }
  return oids.map((oid) => [oid, unseenBy(cause)] as const);
}

/** @throws the error itself, where it is none of the two that say: not now */
function lateBy(error: unknown): "lock" | "timeout" {
  if (error instanceof DatabaseError) {
    if (error.errorClass === "lock" || error.errorClass === "timeout") return error.errorClass;
  }
  throw error;
}

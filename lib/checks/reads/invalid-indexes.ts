import * as z from "zod";
import { DatabaseError } from "../../core/errors.ts";
import { procedure, type ReadContext } from "../../core/read.ts";
import { majorOf } from "../../core/server.ts";
import { rowsAs } from "../../core/typed.ts";
import { missingSchema, missingSql } from "./missing-partition-indexes.ts";

const partition = z.object({
  identity: z.string(),
  kind: z.enum(["table", "partitioned", "foreign"]),
  /** Its part of the index, null where it has none. */
  index: z.string().nullable(),
  indexIsPartitioned: z.boolean(),
});

const suspectSchema = z.object({
  oid: z.int(),
  schema: z.string(),
  /** Of a TOAST index, the table that it serves. */
  table: z.string(),
  name: z.string(),
  identity: z.string(),
  sqlTable: z.string(),
  isUnique: z.boolean(),
  /** False: writes do not maintain it, so that it refuses nothing. */
  isReady: z.boolean(),
  /** False: a DROP INDEX CONCURRENTLY was near its end. */
  isLive: z.boolean(),
  /** From relpages: pg_relation_size() would wait behind a lock. */
  sizeBytes: z.int(),
  isToast: z.boolean(),
  isCatalog: z.boolean(),
  /** A session builds, mends or drops something on its table at this moment. */
  isBusy: z.boolean(),
  constraint: z.enum(["primary key", "unique", "exclusion"]).nullable(),
  /** Its key columns, quoted, where it is a unique index of plain columns over all rows. */
  columns: z.array(z.string()).nullable(),
  nullsAreDistinct: z.boolean(),
  /** The index that a REINDEX CONCURRENTLY copied, where the name says that this is a copy. */
  copyOf: z.string().nullable(),
  /** A valid unique index that refuses the same duplicates. */
  enforcedBy: z.string().nullable(),
  /** The partitioned index that it is a part of. */
  parent: z.string().nullable(),
  isPartitioned: z.boolean(),
  partitionCount: z.int(),
  /** One of its valid parts. */
  soundPart: z.string().nullable(),
  /** The partitions without a valid part of it. */
  lacking: z.array(partition),
});
const lookSchema = z.object({
  indexes: z.int(),
  schemas: z.int(),
  suspects: z.array(suspectSchema),
});
export type SuspectIndex = z.infer<typeof suspectSchema>;

/**
 * Indexes that are not valid, ready and live, and whether their table is busy.
 *
 * Whoever builds or drops an index CONCURRENTLY holds SHARE UPDATE EXCLUSIVE on its table from
 * begin to end as a session lock (src/backend/commands/indexcmds.c); so does a REINDEX TABLE
 * CONCURRENTLY, whose progress view names but one index at a time. VACUUM and ANALYZE hold it too;
 * their progress shows the pid to every role, and while one runs nobody builds.
 *
 * "The same": catalog columns, as pg_get_indexdef() waits behind a lock. Node trees carry where in
 * its statement an expression stood, up to PostgreSQL 16.
 */
const lookSql = (major: number) => `
  WITH suspect AS MATERIALIZED (
    SELECT i.*,
           x.relname, x.relnamespace, x.relkind, x.relpages, x.relam,
           t.relkind = 't'                                            AS toast,
           CASE t.relkind WHEN 't'
                THEN (SELECT m.oid FROM pg_catalog.pg_class m WHERE m.reltoastrelid = t.oid)
                ELSE t.oid END                                        AS owner
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
     WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)
       AND t.relpersistence <> 't'
  ), busy AS MATERIALIZED (
    SELECT DISTINCT l.relation
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation'
       AND l.granted
       AND l.pid <> pg_catalog.pg_backend_pid()   -- NULL, a prepared transaction, builds nothing
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())
       AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                      'ExclusiveLock', 'AccessExclusiveLock')
       AND l.pid NOT IN (SELECT v.pid FROM pg_catalog.pg_stat_progress_vacuum v)
       AND l.pid NOT IN (SELECT a.pid FROM pg_catalog.pg_stat_progress_analyze a)
  ), kin AS (
    SELECT s.indexrelid                                               AS suspect,
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(x.relname)                     AS identity,
           o.indisvalid AND o.indisready AND o.indislive              AS sound,
           o.indisunique AND (o.indpred IS NULL OR same.pred)
             AND ${major >= 15 ? "(o.indnullsnotdistinct OR NOT s.indnullsnotdistinct)" : "TRUE"}
                                                                      AS enforces,
           same.pred AND o.indisunique = s.indisunique
             AND x.relname !~ '_cc(new|old)[0-9]*$'                   AS original
      FROM suspect s
      JOIN pg_catalog.pg_index o     ON o.indrelid = s.indrelid AND o.indexrelid <> s.indexrelid
      JOIN pg_catalog.pg_class x     ON x.oid = o.indexrelid AND x.relam = s.relam
      JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
     CROSS JOIN LATERAL (
           SELECT ${bare("o.indexprs")} IS NOT DISTINCT FROM ${bare("s.indexprs")} AS exprs,
                  ${bare("o.indpred")} IS NOT DISTINCT FROM ${bare("s.indpred")}   AS pred) same
     WHERE o.indnkeyatts = s.indnkeyatts
       AND (pg_catalog.string_to_array(o.indkey::pg_catalog.text, ' '))[1:o.indnkeyatts]
         = (pg_catalog.string_to_array(s.indkey::pg_catalog.text, ' '))[1:s.indnkeyatts]
       AND o.indclass = s.indclass
       AND o.indcollation = s.indcollation
       AND same.exprs
  ), part AS (
    SELECT s.indexrelid                                               AS suspect,
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(c.relname)                     AS identity,
           CASE c.relkind WHEN 'p' THEN 'partitioned'
                          WHEN 'f' THEN 'foreign'
                          ELSE 'table' END                            AS kind,
           own.identity                                               AS index,
           COALESCE(own.relkind = 'I', FALSE)                         AS "indexIsPartitioned",
           COALESCE(own.indisvalid, FALSE)                            AS sound
      FROM suspect s
      JOIN pg_catalog.pg_inherits h  ON h.inhparent = s.indrelid AND s.relkind = 'I'
      JOIN pg_catalog.pg_class c     ON c.oid = h.inhrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
           SELECT i.indisvalid, x.relkind,
                  pg_catalog.quote_ident(xn.nspname) || '.'
                    || pg_catalog.quote_ident(x.relname)              AS identity
             FROM pg_catalog.pg_inherits ih
             JOIN pg_catalog.pg_index i      ON i.indexrelid = ih.inhrelid
             JOIN pg_catalog.pg_class x      ON x.oid = i.indexrelid
             JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace
            WHERE ih.inhparent = s.indexrelid
              AND i.indrelid = c.oid) own ON TRUE
  ), told AS (
    SELECT s.indexrelid::pg_catalog.int8                               AS "oid", -- json quotes oids
           n.nspname                                                  AS "schema",
           t.relname                                                  AS "table",
           s.relname                                                  AS "name",
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(s.relname)                     AS "identity",
           pg_catalog.quote_ident(tn.nspname) || '.'
             || pg_catalog.quote_ident(t.relname)                     AS "sqlTable",
           s.indisunique                                              AS "isUnique",
           s.indisready                                               AS "isReady",
           s.indislive                                                AS "isLive",
           s.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8
                                                                      AS "sizeBytes",
           s.toast                                                    AS "isToast",
           n.nspname IN ('pg_catalog', 'information_schema')          AS "isCatalog",
           EXISTS (SELECT FROM busy b WHERE b.relation IN (s.indrelid, s.owner))
                                                                      AS "isBusy",
           (SELECT CASE k.contype WHEN 'p' THEN 'primary key'
                                  WHEN 'u' THEN 'unique'
                                  ELSE 'exclusion' END
              FROM pg_catalog.pg_constraint k
             WHERE k.conindid = s.indexrelid
               AND k.conrelid = s.indrelid
               AND k.contype IN ('p', 'u', 'x')
             ORDER BY k.oid LIMIT 1)                                  AS "constraint",
           CASE WHEN s.indisunique AND s.indexprs IS NULL AND s.indpred IS NULL AND NOT s.toast
                THEN (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY k.place)
                        FROM pg_catalog.unnest(
                               pg_catalog.string_to_array(s.indkey::pg_catalog.text, ' ')::pg_catalog.int2[])
                               WITH ORDINALITY k (attnum, place)
                        JOIN pg_catalog.pg_attribute a
                          ON a.attrelid = s.indrelid AND a.attnum = k.attnum
                       WHERE k.place <= s.indnkeyatts) END            AS "columns",
           ${major >= 15 ? "NOT s.indnullsnotdistinct" : "TRUE"}      AS "nullsAreDistinct",
           CASE WHEN s.relname ~ '_cc(new|old)[0-9]*$'
                THEN (SELECT k.identity FROM kin k
                       WHERE k.suspect = s.indexrelid AND k.original
                       ORDER BY k.sound DESC, k.identity LIMIT 1) END AS "copyOf",
           (SELECT k.identity FROM kin k
             WHERE k.suspect = s.indexrelid AND k.enforces AND k.sound AND s.indisunique
             ORDER BY k.identity LIMIT 1)                             AS "enforcedBy",
           (SELECT pg_catalog.quote_ident(pn.nspname) || '.'
                     || pg_catalog.quote_ident(p.relname)
              FROM pg_catalog.pg_inherits h
              JOIN pg_catalog.pg_class p      ON p.oid = h.inhparent
              JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
             WHERE h.inhrelid = s.indexrelid)                         AS "parent",
           s.relkind = 'I'                                            AS "isPartitioned",
           (SELECT pg_catalog.count(*) FROM part p WHERE p.suspect = s.indexrelid)
                                                                      AS "partitionCount",
           (SELECT p.index FROM part p
             WHERE p.suspect = s.indexrelid AND p.sound
             ORDER BY p.identity LIMIT 1)                             AS "soundPart",
           (SELECT COALESCE(pg_catalog.json_agg(p ORDER BY p.identity), '[]')
              FROM part p
             WHERE p.suspect = s.indexrelid AND NOT p.sound)          AS "lacking"
      FROM suspect s
      JOIN pg_catalog.pg_namespace n  ON n.oid = s.relnamespace
      JOIN pg_catalog.pg_class t      ON t.oid = s.owner
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  )
  SELECT pg_catalog.count(*)                                          AS "indexes",
         pg_catalog.count(DISTINCT x.relnamespace)                    AS "schemas",
         (SELECT COALESCE(pg_catalog.json_agg(t ORDER BY t.identity), '[]') FROM told t)
                                                                      AS "suspects"
    FROM pg_catalog.pg_class x
    JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
   WHERE x.relkind IN ('i', 'I')
     AND n.nspname !~ '^pg_'
     AND n.nspname <> 'information_schema'
   ORDER BY 1`;

const bare = (tree: string): string =>
  `pg_catalog.regexp_replace(${tree}::pg_catalog.text, ':location -?[0-9]+', '', 'g')`;

export const invalidIndexes = procedure({
  id: "invalid-indexes",
  result: lookSchema.extend({ missing: z.array(missingSchema) }),
  async run(context) {
    const seen = await lookTwice(context);
    const wanted = seen.suspects.filter(({ isPartitioned, isBusy }) => isPartitioned && !isBusy);
    return { ...seen, missing: await definitionsOf(wanted, context) };
  },
});

/**
 * The catalog is a snapshot, the locks are of a moment later: a build that ends in between looks
 * like an invalid index of nobody. So what is not busy must be so a second time.
 */
async function lookTwice(context: ReadContext) {
  const first = await lookOnce(context);
  const idle = new Set(first.suspects.filter(({ isBusy }) => !isBusy).map(({ oid }) => oid));
  if (idle.size === 0) return first;
  const second = await lookOnce(context);
  const suspects = second.suspects.map((suspect) =>
    idle.has(suspect.oid) ? suspect : { ...suspect, isBusy: true },
  );
  return { ...second, suspects };
}

async function lookOnce({ session, server }: ReadContext) {
  const id = "invalid-indexes";
  const rows = await session.rows({ id, sql: lookSql(majorOf(server)) });
  return rowsAs(lookSchema, rows, id, 1)[0];
}

/** pg_get_indexdef() waits behind a lock: where it does, the remedy goes without these words. */
async function definitionsOf(wanted: readonly SuspectIndex[], { session }: ReadContext) {
  if (wanted.length === 0) return [];
  const id = "missing-partition-indexes";
  try {
    const sql = missingSql(wanted.map(({ oid }) => oid));
    return [...rowsAs(missingSchema, await session.rows({ id, sql, timeout: 0.25 }), id)];
  } catch (error) {
    const isLocked = error instanceof DatabaseError && /^(lock|timeout)$/.test(error.errorClass);
    if (isLocked) return [];
    throw error;
  }
}

import * as z from "zod";
import { procedure } from "../../core/read.ts";
import type { Server } from "../../core/server.ts";
import { rowsAs } from "../../core/typed.ts";
import { remembered } from "../indexes/no-longer-used/memory.ts";
import { keySetOf, keysIn } from "./key-set.ts";

/**
 * Scans of every index that is there for queries alone: one that keeps rows unique works without
 * being scanned. Those of partitions count for the partitioned index, as old partitions rest.
 * Statistics functions and catalogs only: no relation is locked.
 */
const sql = ({ versionNum }: Server): string => `
    WITH own AS MATERIALIZED (
      SELECT i.indexrelid, i.indrelid, c.relpages,
             i.indisunique OR i.indisexclusion OR i.indisreplident        AS enforces,
             CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid
                  ELSE c.oid END                                          AS root,
             pg_catalog.pg_stat_get_numscans(i.indexrelid)                AS scans,
             ${versionNum >= 160_000 ? "pg_catalog.pg_stat_get_lastscan(i.indexrelid)" : "NULL::pg_catalog.timestamptz"}
                                                                          AS last
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c     ON c.oid = i.indexrelid AND c.relkind = 'i'
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE i.indisvalid
         AND c.relpersistence <> 't'
         AND n.nspname !~ '^pg_'
         AND n.nspname <> 'information_schema'
    ), read AS (
      SELECT o.indrelid,
             pg_catalog.sum(o.scans) + pg_catalog.pg_stat_get_numscans(o.indrelid) AS reads
        FROM own o
       GROUP BY o.indrelid
    ), total AS (
      SELECT o.root,
             pg_catalog.sum(o.scans)::pg_catalog.int8                     AS scans,
             pg_catalog.sum(r.reads)::pg_catalog.int8                     AS reads,
             pg_catalog.sum(o.relpages)::pg_catalog.int8 * 8192           AS bytes,
             pg_catalog.max(o.last)                                       AS last
        FROM own o
        JOIN read r ON r.indrelid = o.indrelid
       WHERE NOT o.enforces
       GROUP BY o.root
    )
    SELECT t.root                                                         AS "oid",
           n.nspname::pg_catalog.text                                     AS "schema",
           c.relname::pg_catalog.text                                     AS "name",
           b.relname::pg_catalog.text                                     AS "table",
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(c.relname)                         AS "identity",
           pg_catalog.quote_ident(bn.nspname) || '.'
             || pg_catalog.quote_ident(b.relname)                         AS "sqlTable",
           c.relkind = 'I'                                                AS "isPartitioned",
           EXISTS (SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.conrelid = i.indrelid
                      AND k.contype = 'f'
                      AND k.conkey[1] = i.indkey[0])                      AS "servesForeignKey",
           t.scans                                                        AS "scans",
           t.reads                                                        AS "reads",
           t.bytes                                                        AS "bytes",
           pg_catalog.to_char(t.last, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')    AS "last",
           pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                                          AS "at",
           pg_catalog.to_char(pg_catalog.pg_stat_get_db_stat_reset_time(d.oid),
                              'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')            AS "countedSince"
      FROM total t
     CROSS JOIN pg_catalog.pg_database d
      JOIN pg_catalog.pg_class c      ON c.oid = t.root
      JOIN pg_catalog.pg_namespace n  ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_index i      ON i.indexrelid = t.root
      JOIN pg_catalog.pg_class b      ON b.oid = i.indrelid
      JOIN pg_catalog.pg_namespace bn ON bn.oid = b.relnamespace
     WHERE d.datname = pg_catalog.current_database()
     ORDER BY t.scans DESC, 5`;

const indexSchema = z.object({
  oid: z.int(),
  schema: z.string(),
  name: z.string(),
  table: z.string(),
  identity: z.string(),
  sqlTable: z.string(),
  isPartitioned: z.boolean(),
  /** Its first column is a foreign key's: DELETE on the other side looks for rows by it. */
  servesForeignKey: z.boolean(),
  scans: z.number(),
  /** Of its table, by whatever way. */
  reads: z.number(),
  bytes: z.number(),
  /** When it was last scanned (16 and newer). */
  last: z.string().nullable(),
  at: z.string(),
  countedSince: z.string().nullable(),
});
export type IndexUse = z.infer<typeof indexSchema>;

const indexUseSchema = z.object({
  total: z.int(),
  /** The most scanned, those that are kept in mind, and those that were not there. */
  indexes: z.array(indexSchema),
  /** Every index that there is, as a set of short hashes. */
  known: z.string(),
});
export type IndexUseLook = z.infer<typeof indexUseSchema>;

const most = 300;

export const indexUse = procedure({
  id: "index-use",
  result: indexUseSchema,
  async run({ session, server, past }) {
    const rows = await session.rows({ id: "index-use", sql: sql(server) });
    const all = rowsAs(indexSchema, rows, "index-use");
    const memory = remembered.safeParse(past("indexes/no-longer-used")?.memory).data;
    const wasThere = memory === undefined ? () => true : keysIn(memory.known);
    const oids = new Set(Object.values(memory?.indexes ?? {}).map(({ oid }) => oid));
    const isWanted = ({ identity, oid }: IndexUse, place: number) =>
      place < most ||
      memory?.indexes[identity] !== undefined ||
      memory?.fresh[identity] !== undefined ||
      oids.has(oid) ||
      !wasThere(identity);
    return {
      total: all.length,
      indexes: all.filter(isWanted).slice(0, 3 * most),
      known: keySetOf(all.map(({ identity }) => identity)),
    };
  },
});

import * as z from "zod";

export const missingSchema = z.object({
  /** Identities, quoted. */
  index: z.string(),
  partition: z.string(),
  /** From USING on: what follows CREATE INDEX … ON partition. */
  definition: z.string(),
  /** For a new index: quoted, without its schema. */
  newName: z.string(),
  newIdentity: z.string(),
  /** An index of the partition with the same definition, which only lacks its ATTACH. */
  attachable: z.string().nullable(),
});
export type MissingPartitionIndex = z.infer<typeof missingSchema>;

/**
 * What each partition without a part of these partitioned indexes needs. Definitions are compared
 * as text, since a partition may number its columns differently than its parent. To be asked for
 * at most 0.25 s: pg_get_indexdef() takes ACCESS SHARE on tables.
 */
export const missingSql = (indexes: readonly number[]) => `
  WITH lacking AS MATERIALIZED (
    SELECT i.indexrelid, i.indrelid, i.indisunique, x.relname,
           pg_catalog.quote_ident(xn.nspname) || '.'
             || pg_catalog.quote_ident(x.relname)                     AS identity,
           c.oid                                                      AS partition,
           c.relname                                                  AS partname,
           cn.nspname                                                 AS partschema,
           EXISTS (SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.conindid = i.indexrelid
                      AND k.conrelid = i.indrelid)                    AS constrains
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x      ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace
      JOIN pg_catalog.pg_inherits h   ON h.inhparent = i.indrelid
      JOIN pg_catalog.pg_class c      ON c.oid = h.inhrelid
      JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
     WHERE i.indexrelid = ANY (ARRAY[${indexes.join(", ")}]::pg_catalog.oid[])
       AND c.relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits ih
                         JOIN pg_catalog.pg_index own ON own.indexrelid = ih.inhrelid
                        WHERE ih.inhparent = i.indexrelid
                          AND own.indrelid = c.oid)
  ), candidate AS MATERIALIZED (
    SELECT l.indexrelid, i.indexrelid AS own
      FROM lacking l
      JOIN pg_catalog.pg_index i ON i.indrelid = l.partition AND i.indisvalid
     WHERE i.indisunique = l.indisunique
       AND l.constrains = EXISTS (SELECT FROM pg_catalog.pg_constraint k
                                   WHERE k.conindid = i.indexrelid
                                     AND k.conrelid = i.indrelid)
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits ih WHERE ih.inhrelid = i.indexrelid)
  ), defined AS MATERIALIZED (
    SELECT x.oid,
           pg_catalog.quote_ident(xn.nspname) || '.'
             || pg_catalog.quote_ident(x.relname)                     AS identity,
           t.oid                                                      AS owner,
           -- pg_get_indexdef() begins with words that we know, to their last quote.
           pg_catalog.substr(pg_catalog.pg_get_indexdef(x.oid), 1 + pg_catalog.length(
             'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
             || pg_catalog.quote_ident(x.relname) || ' ON '
             || CASE x.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END
             || pg_catalog.quote_ident(tn.nspname) || '.'
             || pg_catalog.quote_ident(t.relname) || ' '))            AS definition
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x      ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace
      JOIN pg_catalog.pg_class t      ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     WHERE i.indexrelid IN (SELECT l.indexrelid FROM lacking l
                             UNION ALL
                            SELECT c.own FROM candidate c)
  )
  SELECT l.identity                                                   AS "index",
         pg_catalog.quote_ident(l.partschema) || '.'
           || pg_catalog.quote_ident(l.partname)                      AS "partition",
         d.definition                                                 AS "definition",
         pg_catalog.quote_ident(n.name)                               AS "newName",
         pg_catalog.quote_ident(l.partschema) || '.'
           || pg_catalog.quote_ident(n.name)                          AS "newIdentity",
         (SELECT o.identity
            FROM candidate c
            JOIN defined o ON o.oid = c.own
           WHERE c.indexrelid = l.indexrelid
             AND o.owner = l.partition
             AND o.definition = d.definition
           ORDER BY o.identity LIMIT 1)                               AS "attachable"
    FROM lacking l
    JOIN defined d ON d.oid = l.indexrelid
   -- A name has at most 63 bytes.
   CROSS JOIN LATERAL (
         SELECT CASE WHEN pg_catalog.octet_length(l.partname || '_' || l.relname) <= 63
                     THEN l.partname || '_' || l.relname
                     ELSE 'p' || l.partition || '_i' || l.indexrelid END AS name) n
   WHERE d.definition IS NOT NULL
   ORDER BY 1, 2`;

import { sqlRead } from "../core/read.ts";
import { quoteLiteral } from "../core/sql.ts";
import { trackers } from "./index.ts";
import { trackerTableSchema } from "./tracker.ts";

const literal = (text: string): string => `${quoteLiteral(text)}::pg_catalog.text`;

/** tool, column, its types, and whether it is read: a line a column. */
const shapes = trackers
  .flatMap(({ tool, shape, reads }) =>
    Object.entries(shape).map(
      ([column, types]) =>
        `(${literal(tool)}, ${literal(column)}, '{${types.join(",")}}'::pg_catalog.text[], ${reads.includes(column)})`,
    ),
  )
  .join(",\n           ");

/**
 * Which tables have all columns of a tool's shape, to stand behind WITH.
 *
 * @param columns an aggregate over `shape` and its columns `a`, with a name
 */
export const fitting = (columns: string): string => `shape (tool, name, types, "isRead") AS (
      VALUES ${shapes}
    ), fitting AS (
      SELECT shape.tool, a.attrelid AS oid,${columns}
        FROM shape
        JOIN pg_catalog.pg_attribute a ON a.attname = shape.name
                                      AND a.attnum > 0
                                      AND NOT a.attisdropped
        JOIN pg_catalog.pg_type t      ON t.oid = a.atttypid
                                      AND t.oid < 16384              -- PostgreSQL's own
                                      AND t.typname = ANY (shape.types)
       GROUP BY 1, 2
      HAVING pg_catalog.count(*) = (SELECT pg_catalog.count(*) FROM shape s
                                     WHERE s.tool = shape.tool)
    )`;

/**
 * Tables that have all columns of a tool's shape, whatever they are called and wherever they are:
 * plain or partitioned ones only, as a view or a foreign table would run what its owner wrote.
 * Catalogs alone: no table is opened.
 */
export const trackerTables = sqlRead({
  id: "tracker-tables",
  sql: `
    WITH RECURSIVE ${fitting(`
             COALESCE(pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) ORDER BY a.attnum)
               FILTER (WHERE shape."isRead" AND NOT
                 pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')), '{}') AS lacks`)},
    member (root, oid) AS (
      SELECT oid, oid FROM fitting
       UNION
      SELECT member.root, i.inhrelid
        FROM member
        JOIN pg_catalog.pg_class c    ON c.oid = member.oid AND c.relkind = 'p'
        JOIN pg_catalog.pg_inherits i ON i.inhparent = member.oid
    )
    SELECT f.tool                                            AS "tool",
           n.nspname::pg_catalog.text                        AS "schema",
           c.relname::pg_catalog.text                        AS "table",
           pg_catalog.quote_ident(n.nspname)                 AS "sqlSchema",
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(c.relname)            AS "sqlTable",
           (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                                                             AS "columns",
           c.relkind = 'p'                                   AS "isPartitioned",
           (SELECT pg_catalog.array_agg(m.oid) FROM member m WHERE m.root = c.oid)
                                                             AS "relations",
           EXISTS (SELECT FROM member m
                     JOIN pg_catalog.pg_class p ON p.oid = m.oid
                    WHERE m.root = c.oid AND p.relkind = 'f') AS "hasForeignTable",
           EXISTS (SELECT FROM member m
                     JOIN pg_catalog.pg_locks l    ON l.relation = m.oid
                     JOIN pg_catalog.pg_database d ON d.oid = l.database
                    WHERE m.root = c.oid
                      AND d.datname = pg_catalog.current_database()
                      AND l.mode = 'AccessExclusiveLock')    AS "isLocked",
           pg_catalog.row_security_active(c.oid)             AS "hidesRows",
           NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS "lacksUsage",
           f.lacks                                           AS "lacks"
      FROM fitting f
      JOIN pg_catalog.pg_class c     ON c.oid = f.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND NOT c.relispartition
       AND c.relpersistence <> 't'
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     ORDER BY 2, 3, 1`,
  row: trackerTableSchema,
});

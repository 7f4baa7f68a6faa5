import { fitting } from "./tables.ts";

/**
 * The columns that are read of each table that has the shape of a tool's, whatever it is called:
 * rows of `words`, the columns and the table, quoted. A table of an application that has such
 * columns by chance is among them.
 */
export const trackerColumns = `
    WITH ${fitting(`
             pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
               FILTER (WHERE shape."isRead")                 AS columns`)}
    SELECT ARRAY[f.columns, c.oid::pg_catalog.regclass::pg_catalog.text] AS words
      FROM fitting f
      JOIN pg_catalog.pg_class c     ON c.oid = f.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND NOT c.relispartition
       AND c.relpersistence <> 't'
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ORDER BY 1`;

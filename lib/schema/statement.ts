import type { Server } from "../core/server.ts";
import { quoteLiteral } from "../core/sql.ts";
import type { Extractor, Unit, WholeExtractor } from "./extractor.ts";
import { isInSlice, isNoMember, isUsersSchema } from "./fragments.ts";

type Question = Pick<Extractor | WholeExtractor, "name" | "sql" | "columns">;

/** Where a row says which question it answers, and to which unit it belongs. */
export const place = { question: 0, unit: 1, values: 2, wholeValues: 1 } as const;

/**
 * Several questions as one statement: a column that names the question, then as many texts as the
 * widest has columns, so that many kinds cost one round trip. No ORDER BY: facts are sorted by code
 * units, whatever the server's collations are.
 */
function together(
  questions: readonly Question[],
  server: Server,
  { before = "", after = "" } = {},
): string {
  const width = Math.max(...questions.map(({ columns }) => columns.length));
  const branches = questions.map(({ name, sql, columns }) => {
    const values = Array.from({ length: width }, (_, place) => {
      const column = columns[place];
      return `${column === undefined ? "NULL" : `q."${column}"`}::text`;
    });
    return `
    SELECT ${quoteLiteral(name)}, ${before}${values.join(", ")}
      FROM (${sql(server)}) q${after}`;
  });
  return branches.join("\n     UNION ALL");
}

export const wholeStatement = (extractors: readonly WholeExtractor[], server: Server): string =>
  together(extractors, server);

/**
 * All that is asked of some relations and functions. They come as one array, which an index on the
 * owner's OID serves in every catalog, whatever the statistics say.
 */
export function catalogStatement(
  extractors: readonly Extractor[],
  server: Server,
  slice: readonly Unit[],
): string {
  const parts = extractors.flatMap((extractor) => extractor.parts(server));
  const oids = `'{${slice.map(({ oid }) => oid).join(",")}}'::oid[]`;
  const wanted = `
    slice (oids) AS MATERIALIZED (SELECT ${oids}),
    wanted AS (
      SELECT c.oid, c.relkind
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
         AND ${isUsersSchema("n.nspname")}
         AND ${isNoMember("c.oid", "pg_class")}
         AND ${isInSlice("c.oid")})`;
  const ofSlice = `
     WHERE ${isInSlice('q."unit"')}`;
  return `
  WITH RECURSIVE ${[wanted, ...parts].join(",")}
  ${together(extractors, server, { before: 'q."unit", ', after: ofSlice })}`;
}

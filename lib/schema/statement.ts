import type { Row } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { quoteLiteral } from "../core/sql.ts";
import type { Extractor, WholeExtractor } from "./extractor.ts";
import { isNoMember, isUsersSchema } from "./fragments.ts";

type Question = Pick<Extractor | WholeExtractor, "name" | "sql" | "columns">;

/**
 * Several questions as one statement: a column that names the question, then as many texts as the
 * widest has columns, so that many kinds cost one round trip. No ORDER BY: facts are sorted by code
 * units, whatever the server's collations are.
 */
function together(questions: readonly Question[], server: Server, before: string): string {
  const width = Math.max(...questions.map(({ columns }) => columns.length));
  const branches = questions.map(({ name, sql, columns }) => {
    const values = Array.from({ length: width }, (_, place) => {
      const column = columns[place];
      return `${column === undefined ? "NULL" : `q."${column}"`}::text AS f${place}`;
    });
    return `
    SELECT ${quoteLiteral(name)} AS question, ${before}${values.join(", ")}
      FROM (${sql(server)}) q`;
  });
  return branches.join("\n     UNION ALL");
}

const fieldNames = Array.from({ length: 64 }, (_, place) => `f${place}`);

/** A row of such a statement under the names of its own question. */
export function rowOf(columns: readonly string[], row: Row): Row {
  const named: Record<string, unknown> = {};
  let place = 0;
  for (const column of columns) {
    named[column] = row[fieldNames[place] ?? ""];
    place += 1;
  }
  return named;
}

export const wholeStatement = (extractors: readonly WholeExtractor[], server: Server): string =>
  together(extractors, server, "");

export function catalogStatement(extractors: readonly Extractor[], server: Server): string {
  const parts = extractors.flatMap((extractor) => extractor.parts(server));
  const wanted = `
    wanted AS (
      SELECT c.oid, c.relkind
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
         AND ${isUsersSchema("n.nspname")}
         AND ${isNoMember("c.oid", "pg_class")})`;
  return `
  WITH RECURSIVE ${[wanted, ...parts].join(",")}
  ${together(extractors, server, 'q."unit" AS unit, ')}`;
}

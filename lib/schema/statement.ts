import type { Server } from "../core/server.ts";
import { quoteLiteral } from "../core/sql.ts";
import type { Extractor, Unit, WholeExtractor } from "./extractor.ts";
import { all, arrayOf, type Has, relationsOnce, sliced } from "./fragments.ts";

export type Question = Pick<Extractor | WholeExtractor, "name" | "sql" | "columns"> &
  Partial<Pick<WholeExtractor, "isThere">>;

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
  { has, before = "" }: { readonly has: Has; readonly before?: string },
): string {
  const width = Math.max(...questions.map(({ columns }) => columns.length));
  const branches = questions.map(({ name, sql, columns }) => {
    const values = Array.from({ length: width }, (_, place) => {
      const column = columns[place];
      return `${column === undefined ? "NULL" : `q."${column}"`}::text`;
    });
    return `
    SELECT ${quoteLiteral(name)}, ${before}${values.join(", ")}
      FROM (${sql(server, has)}) q`;
  });
  return branches.join("\n     UNION ALL");
}

/**
 * All that stands for itself.
 *
 * @param has where it is absent, all questions are in it: what there is to ask
 */
export function wholeStatement(questions: readonly Question[], server: Server, has = all): string {
  const asked = questions.filter(({ isThere }) => isThere?.(has) ?? true);
  return `
  WITH ${relationsOnce}
  ${together(asked, server, { has })}`;
}

const asksFor = (sql: string, slice: readonly Unit[]): boolean => {
  const kinds = new Set(slice.map(({ kind }) => kind));
  return sliced.some((kind) => kinds.has(kind) && sql.includes(arrayOf(kind)));
};

/**
 * All that is asked of some relations and functions, which come as an array a kind.
 *
 * @param slice all questions are in it where this is empty: what there is to ask
 */
export function catalogStatement(
  extractors: readonly Extractor[],
  server: Server,
  slice: readonly Unit[],
  has = all,
): string {
  // A question costs a millisecond to plan: those of kinds that are not there are left out.
  const asked = extractors.filter(
    ({ sql, isThere }) =>
      (isThere?.(has) ?? true) && (slice.length === 0 || asksFor(sql(server, has), slice)),
  );
  const parts = asked.flatMap((extractor) => extractor.parts(server, has));
  const byKind = Map.groupBy(slice, ({ kind }) => kind);
  const arrays = sliced.map((kind) => {
    const oids = byKind.get(kind)?.map(({ oid }) => oid) ?? [];
    return `'{${oids.join(",")}}'::oid[] AS "${kind}"`;
  });
  const wanted = `
    slice AS MATERIALIZED (SELECT ${arrays.join(", ")})`;
  return `
  WITH RECURSIVE ${[wanted, ...parts].join(",")}
  ${together(asked, server, { has, before: 'q."unit", ' })}`;
}

import * as z from "zod";
import { extractor, flag, maybe, text, texts } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { isWanted, since } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";
import { withoutPasswords, withoutSecrets } from "../secret.ts";

/**
 * Functions, procedures and window functions, from the columns of pg_proc: pg_get_functiondef()
 * prints one text for all of it, and refuses aggregates. A body of SQL (14+) is printed from its
 * tree, with locks on the tables that it names, as a view's text is.
 */
export const routine = extractor({
  name: "function",
  sql: (server, has) => `
    SELECT p.oid                                          AS "unit",
           CASE WHEN p.pronargdefaults = 0
                THEN pg_catalog.pg_get_function_arguments(p.oid) END
                                                          AS "arguments",
           pg_catalog.pg_get_function_result(p.oid)       AS "result",
           l.lanname                                      AS "language",
           p.prokind = 'w'                                AS "isWindow",
           CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END
                                                          AS "volatility",
           p.proisstrict                                  AS "isStrict",
           p.prosecdef                                    AS "isSecurityDefiner",
           p.proleakproof                                 AS "isLeakproof",
           CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END
                                                          AS "parallel",
           NULLIF(p.procost,
                  CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END)
                                                          AS "cost",
           NULLIF(NULLIF(p.prorows, 0), 1000)             AS "rows",
           NULLIF(p.prosupport::text, '-')                AS "support",
           pg_catalog.to_json(p.proconfig)                AS "settings",
           (SELECT pg_catalog.json_agg(pg_catalog.format_type(x.oid, NULL))
              FROM pg_catalog.unnest(p.protrftypes) AS x (oid))
                                                          AS "transforms",
           p.probin                                       AS "library",
           p.prosrc                                       AS "source",
           ${since(server, 14, "p.prosqlbody IS NOT NULL", "false")}
                                                          AS "isSqlBody",
           ${ownedColumns(has, "p.pro", "pg_proc", "f")}
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_language l  ON l.oid = p.prolang
     WHERE ${isWanted("p.oid", "function", "procedure")}`,
  row: z.object({
    /** NULL where they have defaults, which may hold a row of a table: to print it opens that. */
    arguments: maybe,
    result: maybe,
    language: text,
    isWindow: flag,
    volatility: maybe,
    isStrict: flag,
    isSecurityDefiner: flag,
    isLeakproof: flag,
    parallel: maybe,
    cost: maybe,
    rows: maybe,
    support: maybe,
    settings: texts,
    transforms: texts,
    library: maybe,
    source: text,
    isSqlBody: flag,
    ...ownedRow,
  }),
  prints: (row, { oid }) => [
    ...(row.arguments === null ? [{ as: "arguments", oid } as const] : []),
    ...(row.isSqlBody ? [{ as: "sql body", oid } as const] : []),
  ],
  fact: (row, { oid, kind, identity, schema, name }, printed) => ({
    kind,
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: {
        arguments: row.arguments ?? printed("arguments", oid),
        result: row.result,
        language: row.language,
        window: row.isWindow,
        volatility: row.volatility,
        strict: row.isStrict,
        securityDefiner: row.isSecurityDefiner,
        leakproof: row.isLeakproof,
        parallel: row.parallel,
        cost: row.cost,
        rows: row.rows,
        support: row.support,
        settings: withoutSecrets(row.settings),
        transforms: row.transforms,
        library: row.library,
        body: row.isSqlBody ? printed("sql body", oid) : withoutPasswords(row.source),
        sqlBody: row.isSqlBody,
      },
      ...ownedFacets(row),
    }),
  }),
});

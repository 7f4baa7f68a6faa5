import * as z from "zod";
import { sqlRead } from "../core/read.ts";
import { isNoMember, isUsersSchema } from "./fragments.ts";

/** Kinds that no extractor reads yet: the catalog, and which of its rows. */
const kinds = [
  ["aggregate", "pg_proc", "x.prokind = 'a'"],
  ["domain", "pg_type", "x.typtype = 'd'"],
  ["range", "pg_type", "x.typtype = 'r'"],
  ["base type", "pg_type", "x.typtype = 'b' AND x.typelem = 0"],
  ["composite type", "pg_class", "x.relkind = 'c'"],
  ["collation", "pg_collation", "true"],
  ["conversion", "pg_conversion", "true"],
  ["cast", "pg_cast", "true"],
  ["operator", "pg_operator", "true"],
  ["operator class", "pg_opclass", "true"],
  ["operator family", "pg_opfamily", "true"],
  ["text search configuration", "pg_ts_config", "true"],
  ["text search dictionary", "pg_ts_dict", "true"],
  ["text search parser", "pg_ts_parser", "true"],
  ["text search template", "pg_ts_template", "true"],
  ["language", "pg_language", "true"],
  ["transform", "pg_transform", "true"],
  ["access method", "pg_am", "true"],
] as const;

/** 16384 is the first OID that is not initdb's: FirstNormalObjectId in access/transam.h. */
export const unmodelled = sqlRead({
  id: "schema-unmodelled",
  sql: `
    SELECT k.kind                                         AS "kind",
           k.n::int4                                      AS "count"
      FROM (${kinds
        .map(
          ([kind, catalog, where]) => `
      SELECT '${kind}' AS kind, pg_catalog.count(*) AS n
        FROM pg_catalog.${catalog} x
       WHERE x.oid >= 16384 AND ${where} AND ${isNoMember("x.oid", catalog)}`,
        )
        .join("\n       UNION ALL")}
       UNION ALL
      SELECT 'schema', pg_catalog.count(*)
        FROM pg_catalog.pg_namespace x
       WHERE x.oid >= 16384 AND ${isUsersSchema("x.nspname")}
         AND ${isNoMember("x.oid", "pg_namespace")}) k
     WHERE k.n > 0
     ORDER BY 1`,
  row: z.object({ kind: z.string(), count: z.int() }),
});

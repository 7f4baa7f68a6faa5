import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, functionNamed, identityOf, isMade, isUsersSchema } from "../fragments.ts";

const operatorNamed = (oid: string): string =>
  `CASE WHEN ${oid} <> 0 THEN ${oid}::pg_catalog.regoperator::text END`;

/**
 * https://www.postgresql.org/docs/current/catalog-pg-operator.html
 * One without a function is a shell: another named it as its commutator or negator.
 */
export const operator = wholeExtractor({
  name: "operator",
  isThere: (has) => has("pg_operator"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           o.oprname                                      AS "name",
           ${identityOf("o.oid", "pg_operator")}          AS "identity",
           ${functionNamed("o.oprcode")}                  AS "function",
           CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END
                                                          AS "left",
           CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END
                                                          AS "right",
           CASE WHEN o.oprresult <> 0 THEN pg_catalog.format_type(o.oprresult, NULL) END
                                                          AS "result",
           ${operatorNamed("o.oprcom")}                   AS "commutator",
           ${operatorNamed("o.oprnegate")}                AS "negator",
           ${functionNamed("o.oprrest")}                  AS "restrict",
           ${functionNamed("o.oprjoin")}                  AS "join",
           o.oprcanhash                                   AS "hashes",
           o.oprcanmerge                                  AS "merges",
           pg_catalog.pg_get_userbyid(o.oprowner)         AS "owner",
           ${commentOf(has, "o.oid", "pg_operator")}           AS "comment"
      FROM pg_catalog.pg_operator o
      JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("o.oid", "pg_operator")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    function: maybe,
    left: maybe,
    right: maybe,
    result: maybe,
    commutator: maybe,
    negator: maybe,
    restrict: maybe,
    join: maybe,
    hashes: flag,
    merges: flag,
    owner: text,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, owner, comment, ...structure }) => ({
    kind: "operator",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: { ...structure, shell: structure.function === null },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

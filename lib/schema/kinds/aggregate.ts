import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { functionNamed, identityOf, isMade, isUsersSchema } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";

/** What a final function may do to the state; the usual one depends on the kind of aggregate. */
const modifies = (column: string): string =>
  `CASE WHEN a.${column} <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                THEN CASE a.${column} WHEN 'r' THEN 'read only' WHEN 's' THEN 'shareable'
                                    ELSE 'read write' END END`;

const typeNamed = (oid: string): string =>
  `CASE WHEN ${oid} <> 0 THEN pg_catalog.format_type(${oid}, NULL) END`;

const rowSchema = z.object({
  schema: text,
  name: text,
  identity: text,
  arguments: text,
  result: text,
  aggregates: maybe,
  directArguments: maybe,
  transition: maybe,
  state: maybe,
  stateSize: maybe,
  final: maybe,
  finalExtra: flag,
  finalModifies: maybe,
  combine: maybe,
  serialize: maybe,
  deserialize: maybe,
  initial: maybe,
  movingTransition: maybe,
  movingInverse: maybe,
  movingState: maybe,
  movingStateSize: maybe,
  movingFinal: maybe,
  movingFinalExtra: flag,
  movingFinalModifies: maybe,
  movingInitial: maybe,
  sortOperator: maybe,
  parallel: maybe,
});

/** https://www.postgresql.org/docs/current/catalog-pg-aggregate.html */
export const aggregate = wholeExtractor({
  name: "aggregate",
  isThere: (has) => has("pg_aggregate"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           p.proname                                      AS "name",
           ${identityOf("p.oid", "pg_proc")}              AS "identity",
           pg_catalog.pg_get_function_arguments(p.oid)    AS "arguments",
           pg_catalog.format_type(p.prorettype, NULL)     AS "result",
           CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END
                                                          AS "aggregates",
           CASE WHEN a.aggkind <> 'n' THEN a.aggnumdirectargs END
                                                          AS "directArguments",
           ${functionNamed("a.aggtransfn")}               AS "transition",
           ${typeNamed("a.aggtranstype")}                 AS "state",
           NULLIF(a.aggtransspace, 0)                     AS "stateSize",
           ${functionNamed("a.aggfinalfn")}               AS "final",
           a.aggfinalextra                                AS "finalExtra",
           ${modifies("aggfinalmodify")}                  AS "finalModifies",
           ${functionNamed("a.aggcombinefn")}             AS "combine",
           ${functionNamed("a.aggserialfn")}              AS "serialize",
           ${functionNamed("a.aggdeserialfn")}            AS "deserialize",
           a.agginitval                                   AS "initial",
           ${functionNamed("a.aggmtransfn")}              AS "movingTransition",
           ${functionNamed("a.aggminvtransfn")}           AS "movingInverse",
           ${typeNamed("a.aggmtranstype")}                AS "movingState",
           NULLIF(a.aggmtransspace, 0)                    AS "movingStateSize",
           ${functionNamed("a.aggmfinalfn")}              AS "movingFinal",
           a.aggmfinalextra                               AS "movingFinalExtra",
           ${modifies("aggmfinalmodify")}                 AS "movingFinalModifies",
           a.aggminitval                                  AS "movingInitial",
           CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::pg_catalog.regoperator::text END
                                                          AS "sortOperator",
           CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END
                                                          AS "parallel",
           ${ownedColumns(has, "p.pro", "pg_proc", "f")}
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
     WHERE p.prokind = 'a'
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("p.oid", "pg_proc")}`,
  row: rowSchema.extend({ ...ownedRow }),
  fact: ({ schema, name, identity, acl, usualAcl, owner, comment, ...structure }) => ({
    kind: "aggregate",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure,
      ...ownedFacets({ acl, usualAcl, owner, comment }),
    }),
  }),
});

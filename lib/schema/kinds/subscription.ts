import * as z from "zod";
import type { Server } from "../../core/server.ts";
import { flag, maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { classOf, since } from "../fragments.ts";

/** What every role may read of them: GRANT SELECT in src/backend/catalog/system_views.sql */
export const readableOfSubscriptions = ({ versionNum }: Pick<Server, "versionNum">) => [
  "subname",
  "subowner",
  "subenabled",
  "subslotname",
  "subpublications",
  ...(versionNum >= 140_000 ? ["oid", "subsynccommit", "subbinary", "substream"] : []),
  ...(versionNum >= 150_000 ? ["subtwophasestate", "subdisableonerr"] : []),
  ...(versionNum >= 160_000 ? ["subpasswordrequired", "subrunasowner", "suborigin"] : []),
  ...(versionNum >= 170_000 ? ["subfailover"] : []),
];

/**
 * Subscriptions, from the columns that every role may read: on 13 those are neither
 * subsynccommit nor the OID, which a statistics view tells. The connection, which may hold a
 * password, is read by no version of PostgreSQL but as superuser, and by us never.
 */
export const subscription = wholeExtractor({
  name: "subscription",
  isThere: (has) => has("pg_subscription"),
  sql: (server) => `
    SELECT s.subname                                      AS "name",
           pg_catalog.quote_ident(s.subname)              AS "identity",
           s.subenabled                                   AS "isEnabled",
           s.subslotname                                  AS "slot",
           pg_catalog.to_json(s.subpublications)          AS "publications",
           ${since(server, 14, "NULLIF(s.subsynccommit, 'off')", "NULL")}
                                                          AS "synchronousCommit",
           ${since(server, 14, "s.subbinary", "false")}   AS "isBinary",
           ${since(
             server,
             16,
             "CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' END",
             since(server, 14, "CASE WHEN s.substream THEN 'on' END", "NULL"),
           )}                                             AS "streaming",
           -- p is a two-phase that waits for its first synchronisation
           ${since(server, 15, "s.subtwophasestate <> 'd'", "false")}
                                                          AS "isTwoPhase",
           ${since(server, 15, "s.subdisableonerr", "false")}
                                                          AS "isDisabledOnError",
           ${since(server, 16, "NOT s.subpasswordrequired", "false")}
                                                          AS "needsNoPassword",
           ${since(server, 16, "s.subrunasowner", "false")}
                                                          AS "isRunAsOwner",
           ${since(server, 16, "NULLIF(s.suborigin, 'any')", "NULL")}
                                                          AS "origin",
           ${since(server, 17, "s.subfailover", "false")} AS "isFailover",
           pg_catalog.pg_get_userbyid(s.subowner)         AS "owner",
           (SELECT d.description
              FROM pg_catalog.pg_description d
              JOIN pg_catalog.pg_stat_subscription t ON t.subid = d.objoid
             WHERE d.classoid = ${classOf("pg_subscription")} AND d.objsubid = 0
               AND t.subname = s.subname
             LIMIT 1)                                     AS "comment"  -- a row a worker
      FROM pg_catalog.pg_subscription s
     WHERE s.subdbid = ${server.databaseOid}`,
  row: z.object({
    name: text,
    identity: text,
    isEnabled: flag,
    slot: maybe,
    publications: texts,
    synchronousCommit: maybe,
    isBinary: flag,
    streaming: maybe,
    isTwoPhase: flag,
    isDisabledOnError: flag,
    needsNoPassword: flag,
    isRunAsOwner: flag,
    origin: maybe,
    isFailover: flag,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "subscription",
    identity: row.identity,
    name: row.name,
    facets: facetsOf({
      structure: {
        slot: row.slot,
        publications: row.publications?.toSorted(),
        synchronousCommit: row.synchronousCommit,
        binary: row.isBinary,
        streaming: row.streaming,
        twoPhase: row.isTwoPhase,
        disableOnError: row.isDisabledOnError,
        passwordNotRequired: row.needsNoPassword,
        runAsOwner: row.isRunAsOwner,
        origin: row.origin,
        failover: row.isFailover,
      },
      validity: { disabled: !row.isEnabled },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
    }),
  }),
});

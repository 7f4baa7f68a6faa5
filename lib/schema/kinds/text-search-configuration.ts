import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, identityOf, isMade, isUsersSchema, namedInSchema } from "../fragments.ts";

/** https://www.postgresql.org/docs/current/catalog-pg-ts-dict.html */
export const textSearchDictionary = wholeExtractor({
  name: "text search dictionary",
  isThere: (has) => has("pg_ts_dict"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           d.dictname                                     AS "name",
           ${namedInSchema("d.dictname")}                 AS "identity",
           ${identityOf("d.dicttemplate", "pg_ts_template")}
                                                          AS "template",
           d.dictinitoption                               AS "options",
           pg_catalog.pg_get_userbyid(d.dictowner)        AS "owner",
           ${commentOf(has, "d.oid", "pg_ts_dict")}            AS "comment"
      FROM pg_catalog.pg_ts_dict d
      JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("d.oid", "pg_ts_dict")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    template: text,
    options: maybe,
    owner: text,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, template, options, owner, comment }) => ({
    kind: "text search dictionary",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: { template, options: optionsIn(options ?? "") },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

/** `name = 'value'` or `name = 5`: serialize_deflist() in src/backend/commands/tsearchcmds.c. */
const optionPattern = /(?:"(?:[^"]|"")*"|[^\s=",]+) = (?:E?'(?:[^']|'')*'|[^',\s]+)/g;

/** In order, as ALTER puts the option that it changes at the end. */
const optionsIn = (said: string): string[] => (said.match(optionPattern) ?? []).sort();

const defaultParser = 3722; // pg_ts_parser.dat, on every version

/**
 * Which dictionaries a kind of token is looked up in, one after the other. What the tokens are
 * called only their parser can tell: PostgreSQL's own is asked, of another the numbers are told, as
 * no function is called that somebody made.
 */
export const textSearchConfiguration = wholeExtractor({
  name: "text search configuration",
  isThere: (has) => has("pg_ts_config"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           c.cfgname                                      AS "name",
           ${namedInSchema("c.cfgname")}                  AS "identity",
           ${identityOf("c.cfgparser", "pg_ts_parser")}   AS "parser",
           (SELECT pg_catalog.json_object_agg(m.token, m.dictionaries)
              FROM (SELECT COALESCE(y.alias, 'token ' || x.maptokentype::text) AS token,
                           pg_catalog.json_agg(${identityOf("x.mapdict", "pg_ts_dict")}
                                               ORDER BY x.mapseqno) AS dictionaries
                      FROM pg_catalog.pg_ts_config_map x
                      LEFT JOIN pg_catalog.ts_token_type(${defaultParser}::oid) y
                             ON y.tokid = x.maptokentype AND c.cfgparser = ${defaultParser}
                     WHERE x.mapcfg = c.oid
                     GROUP BY 1) m)                       AS "mappings",
           pg_catalog.pg_get_userbyid(c.cfgowner)         AS "owner",
           ${commentOf(has, "c.oid", "pg_ts_config")}          AS "comment"
      FROM pg_catalog.pg_ts_config c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("c.oid", "pg_ts_config")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    parser: text,
    mappings: z
      .string()
      .nullable()
      .transform((said) =>
        z.record(z.string(), z.string().array()).parse(JSON.parse(said ?? "{}")),
      ),
    owner: text,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, parser, mappings, owner, comment }) => ({
    kind: "text search configuration",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: {
        parser,
        ...Object.fromEntries(
          Object.entries(mappings).map(([token, names]) => [`mapping for ${token}`, names]),
        ),
      },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

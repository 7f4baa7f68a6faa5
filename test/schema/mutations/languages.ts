import type { Mutation } from "./mutation.ts";
import { commented, owned, type Thing, withheld } from "./owned.ts";

const lang = (words = "") => `
  DROP LANGUAGE IF EXISTS other_lang;
  CREATE LANGUAGE other_lang HANDLER ${words.startsWith("app.") ? words : `plpgsql_call_handler ${words}`};`;

const turn = (
  words = "FROM SQL WITH FUNCTION app.turn_from(internal), TO SQL WITH FUNCTION app.turn_to(internal)",
) => `CREATE OR REPLACE TRANSFORM FOR app.mood LANGUAGE app_lang (${words});`;

const tree = (words = "INDEX HANDLER bthandler") =>
  `DROP ACCESS METHOD IF EXISTS app_tree; CREATE ACCESS METHOD app_tree TYPE ${words};`;

export const languagesBase = `
  CREATE TRUSTED LANGUAGE app_lang HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
  CREATE FUNCTION app.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
  CREATE FUNCTION app.turn_from(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
  CREATE FUNCTION app.turn_from2(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
  CREATE FUNCTION app.turn_to(internal) RETURNS app.mood LANGUAGE internal IMMUTABLE AS 'int4recv';
  CREATE SCHEMA other;
  GRANT USAGE ON SCHEMA other TO pg_signal_backend;
  ${lang()} ${turn()} ${tree()}`;

const language: Thing = { kind: "language", identity: "app_lang" };
const schema: Thing = { kind: "schema", identity: "other" };
const transform: Thing = {
  kind: "transform",
  identity: "for app.mood language app_lang",
  as: "TRANSFORM FOR app.mood LANGUAGE app_lang",
};

const ofLang = (name: string, words: string, told: string): Mutation => [
  `a language's ${name}`,
  lang(words),
  lang(),
  `changed language other_lang: ${told}`,
];
const ofExtension = (column: string, value: string, usual: string, told: string): Mutation => [
  `an extension's ${column}`,
  `UPDATE pg_extension SET ${column} = ${value} WHERE extname = 'plpgsql'`,
  `UPDATE pg_extension SET ${column} = ${usual} WHERE extname = 'plpgsql'`,
  `changed extension plpgsql: ${told}`,
];

export const ofLanguages: readonly Mutation[] = [
  owned(language),
  commented(language),
  withheld(language, "USAGE", "LANGUAGE app_lang"),
  withheld({ kind: "language", identity: "sql" }, "USAGE", "LANGUAGE sql"),
  withheld({ kind: "language", identity: "plpgsql" }, "USAGE", "LANGUAGE plpgsql"),
  ofLang("inline handler", "INLINE plpgsql_inline_handler", "structure.inline"),
  ofLang("validator", "VALIDATOR plpgsql_validator", "structure.validator"),
  ofLang("handler", "app.handler", "structure.handler"),
  [
    "a language's trust",
    "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'other_lang'",
    "UPDATE pg_language SET lanpltrusted = false WHERE lanname = 'other_lang'",
    "changed language other_lang: structure.trusted",
  ],
  ["a language gone", "DROP LANGUAGE other_lang", lang(), "removed language other_lang"],
  commented(transform),
  [
    "a transform's way in",
    turn(
      "FROM SQL WITH FUNCTION app.turn_from2(internal), TO SQL WITH FUNCTION app.turn_to(internal)",
    ),
    turn(),
    `changed transform ${transform.identity}: structure.fromSql`,
  ],
  [
    "a transform's way out",
    turn("FROM SQL WITH FUNCTION app.turn_from(internal)"),
    turn(),
    `changed transform ${transform.identity}: structure.toSql`,
  ],
  [
    "a transform gone",
    "DROP TRANSFORM FOR app.mood LANGUAGE app_lang",
    turn(),
    `removed transform ${transform.identity}`,
  ],
  commented({ kind: "access method", identity: "app_tree" }),
  [
    "an access method's handler",
    tree("INDEX HANDLER hashhandler"),
    tree(),
    "changed access method app_tree: structure.handler",
  ],
  [
    "an access method's type",
    tree("TABLE HANDLER heap_tableam_handler"),
    tree(),
    "changed access method app_tree: structure.handler structure.type",
  ],
  [
    "an access method gone",
    "DROP ACCESS METHOD app_tree",
    tree(),
    "removed access method app_tree",
  ],
  owned(schema),
  commented(schema),
  [
    "a schema's privilege",
    "GRANT USAGE ON SCHEMA other TO pg_monitor",
    "REVOKE USAGE ON SCHEMA other FROM pg_monitor",
    "changed schema other: privileges.pg_monitor",
  ],
  [
    "a privilege on public",
    "GRANT CREATE ON SCHEMA public TO pg_monitor",
    "REVOKE CREATE ON SCHEMA public FROM pg_monitor",
    "changed schema public: privileges.pg_monitor",
  ],
  [
    "a schema gone",
    "DROP SCHEMA other",
    "CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO pg_signal_backend",
    "removed schema other",
  ],
  [
    "a schema renamed",
    "ALTER SCHEMA other RENAME TO another",
    "ALTER SCHEMA another RENAME TO other",
    "added schema another",
    "removed schema other",
  ],
  ofExtension("extrelocatable", "true", "false", "structure.relocatable"),
  ofExtension(
    "extnamespace",
    "'app'::regnamespace",
    "'pg_catalog'::regnamespace",
    "structure.schema",
  ),
  ofExtension("extowner", "'pg_monitor'::regrole", "CURRENT_USER::regrole", "ownership.owner"),
  ofExtension(
    "extconfig",
    "'{app.orders}'::regclass[]::oid[], extcondition = '{WHERE id > 1}'",
    "NULL, extcondition = NULL",
    "structure.configuration",
  ),
  [
    "an extension's comment",
    "COMMENT ON EXTENSION plpgsql IS 'ours'",
    "COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language'",
    "changed extension plpgsql: comments.comment",
  ],
];

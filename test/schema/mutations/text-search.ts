import type { Mutation } from "./mutation.ts";
import { commented, owned } from "./owned.ts";

const parser = (part = "", is = "") => {
  const parts: Readonly<Record<string, string>> = {
    START: "prsd_start",
    GETTOKEN: "prsd_nexttoken",
    END: "prsd_end",
    LEXTYPES: "prsd_lextype",
    ...(part === "" ? {} : { [part]: is }),
  };
  return `DROP TEXT SEARCH PARSER IF EXISTS app.splitter; CREATE TEXT SEARCH PARSER app.splitter (${Object.entries(
    parts,
  )
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ")});`;
};
const template = (words = "INIT = dsimple_init, LEXIZE = dsimple_lexize") =>
  `DROP TEXT SEARCH TEMPLATE IF EXISTS app.plain; CREATE TEXT SEARCH TEMPLATE app.plain (${words});`;
const words = (template = "simple") =>
  `DROP TEXT SEARCH DICTIONARY IF EXISTS app.words; CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = ${template});`;
const bare = (parser = 'pg_catalog."default"') =>
  `DROP TEXT SEARCH CONFIGURATION IF EXISTS app.bare; CREATE TEXT SEARCH CONFIGURATION app.bare (PARSER = ${parser});`;

export const textSearchBase = `
  CREATE FUNCTION app.ts_start(internal, int4) RETURNS internal LANGUAGE internal AS 'prsd_start';
  CREATE FUNCTION app.ts_token(internal, internal, internal) RETURNS internal LANGUAGE internal AS 'prsd_nexttoken';
  CREATE FUNCTION app.ts_end(internal) RETURNS void LANGUAGE internal AS 'prsd_end';
  CREATE FUNCTION app.ts_types(internal) RETURNS internal LANGUAGE internal AS 'prsd_lextype';
  ${parser()} ${template()} ${words()} ${bare()}
  CREATE TEXT SEARCH PARSER app.other (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
  CREATE TEXT SEARCH DICTIONARY app.english (TEMPLATE = snowball, Language = english, StopWords = english);
  CREATE TEXT SEARCH CONFIGURATION app.search (PARSER = "default");
  ALTER TEXT SEARCH CONFIGURATION app.search ADD MAPPING FOR word, asciiword WITH app.english, simple;
  CREATE TEXT SEARCH CONFIGURATION app.ours (PARSER = app.other);`;

const thing = (kind: string, name: string) => ({
  kind: `text search ${kind}`,
  identity: `app.${name}`,
});

const ofParser = (part: string, is: string, told: string): Mutation => [
  `a parser's ${part}`,
  parser(part, is),
  parser(),
  `changed text search parser app.splitter: structure.${told}`,
];
const inSearch = (name: string, does: string, undoes: string, told: string): Mutation => [
  name,
  `ALTER TEXT SEARCH CONFIGURATION app.search ${does}`,
  `ALTER TEXT SEARCH CONFIGURATION app.search ${undoes}`,
  `changed text search configuration app.search: ${told}`,
];

export const ofTextSearch: readonly Mutation[] = [
  ...[thing("dictionary", "english"), thing("configuration", "search")].flatMap((each) => [
    owned(each),
    commented(each),
  ]),
  commented(thing("parser", "splitter")),
  commented(thing("template", "plain")),
  ofParser("START", "app.ts_start", "start"),
  ofParser("GETTOKEN", "app.ts_token", "token"),
  ofParser("END", "app.ts_end", "end"),
  ofParser("LEXTYPES", "app.ts_types", "lexTypes"),
  ofParser("HEADLINE", "prsd_headline", "headline"),
  [
    "a parser gone",
    "DROP TEXT SEARCH PARSER app.splitter",
    parser(),
    "removed text search parser app.splitter",
  ],
  [
    "a template's beginning",
    template("LEXIZE = dsimple_lexize"),
    template(),
    "changed text search template app.plain: structure.init",
  ],
  [
    "a template's work",
    template("INIT = dsimple_init, LEXIZE = dispell_lexize"),
    template(),
    "changed text search template app.plain: structure.lexize",
  ],
  [
    "a template gone",
    "DROP TEXT SEARCH TEMPLATE app.plain",
    template(),
    "removed text search template app.plain",
  ],
  [
    "a dictionary's option",
    "ALTER TEXT SEARCH DICTIONARY app.english (StopWords = russian)",
    "ALTER TEXT SEARCH DICTIONARY app.english (StopWords = english)",
    "changed text search dictionary app.english: structure.options",
  ],
  [
    "a dictionary's option gone",
    "ALTER TEXT SEARCH DICTIONARY app.english (StopWords)",
    "ALTER TEXT SEARCH DICTIONARY app.english (StopWords = english)",
    "changed text search dictionary app.english: structure.options",
  ],
  [
    "a dictionary's template",
    words("app.plain"),
    words(),
    "changed text search dictionary app.words: structure.template",
  ],
  [
    "a dictionary gone",
    "DROP TEXT SEARCH DICTIONARY app.words",
    words(),
    "removed text search dictionary app.words",
  ],
  inSearch(
    "a mapping",
    "ALTER MAPPING FOR word WITH simple",
    "ALTER MAPPING FOR word WITH app.english, simple",
    "structure.mapping for word",
  ),
  inSearch(
    "the order of dictionaries",
    "ALTER MAPPING FOR asciiword WITH simple, app.english",
    "ALTER MAPPING FOR asciiword WITH app.english, simple",
    "structure.mapping for asciiword",
  ),
  inSearch(
    "a mapping more",
    "ADD MAPPING FOR email WITH simple",
    "DROP MAPPING FOR email",
    "structure.mapping for email",
  ),
  [
    "a configuration's parser",
    bare("app.other"),
    bare(),
    "changed text search configuration app.bare: structure.parser",
  ],
  [
    "a mapping of a parser of ours",
    "ALTER TEXT SEARCH CONFIGURATION app.ours ADD MAPPING FOR word WITH simple",
    "ALTER TEXT SEARCH CONFIGURATION app.ours DROP MAPPING FOR word",
    "changed text search configuration app.ours: structure.mapping for token 2",
  ],
  [
    "a configuration gone",
    "DROP TEXT SEARCH CONFIGURATION app.bare",
    bare(),
    "removed text search configuration app.bare",
  ],
];

import type { Mutation } from "./mutation.ts";
import { commented, owned, type Thing } from "./owned.ts";

const dropSame = "DROP OPERATOR IF EXISTS app.=== (int4, int4);";
const same = (words = "", called = "int4eq") =>
  `${dropSame} CREATE OPERATOR app.=== (LEFTARG = int4, RIGHTARG = int4, FUNCTION = ${called}${words});`;

const dropBoxes = "DROP OPERATOR CLASS IF EXISTS app.boxes USING gist;";
const boxes = (words = "STORAGE box", type = "point") =>
  `${dropBoxes} CREATE OPERATOR CLASS app.boxes FOR TYPE ${type} USING gist FAMILY app.shapes AS ${words};`;

const dropRank = "DROP CAST IF EXISTS (app.mood AS int4);";
const rank = (words = "WITH FUNCTION app.rank(app.mood)") =>
  `${dropRank} CREATE CAST (app.mood AS int4) ${words};`;

const latin = (words = "CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8") =>
  `DROP CONVERSION IF EXISTS app.latin; CREATE ${words};`;

const plain = (words = "LC_COLLATE = 'C', LC_CTYPE = 'C'") =>
  `DROP COLLATION IF EXISTS app.plain; CREATE COLLATION app.plain (${words});`;
const german = (words = "LOCALE = 'de'") =>
  `DROP COLLATION IF EXISTS app.german; CREATE COLLATION app.german (PROVIDER = icu, ${words});`;

export const operatorsBase = `
  ${same()}
  CREATE OPERATOR app.!== (LEFTARG = int4, RIGHTARG = int4, FUNCTION = int4ne);
  CREATE OPERATOR app.@@@ (RIGHTARG = int4, FUNCTION = int4abs);
  CREATE OPERATOR FAMILY app.whole USING btree;
  CREATE OPERATOR CLASS app.ints FOR TYPE int4 USING btree FAMILY app.whole AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
  CREATE OPERATOR CLASS app.moods FOR TYPE app.mood USING hash AS FUNCTION 1 (app.mood, app.mood) hashenum(anyenum);
  CREATE OPERATOR FAMILY app.shapes USING gist;
  CREATE OPERATOR FAMILY app.hashes USING hash;
  ${boxes()}
  CREATE FUNCTION app.rank(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
  CREATE FUNCTION app.other_rank(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
  ${rank()} ${latin()} ${plain()} ${german()}`;

const operator: Thing = {
  kind: "operator",
  identity: "app.===(integer,integer)",
  as: "OPERATOR app.=== (int4, int4)",
};
const prefix: Thing = {
  kind: "operator",
  identity: "app.@@@(NONE,integer)",
  as: "OPERATOR app.@@@ (NONE, int4)",
};
const others: readonly Thing[] = [
  { kind: "operator class", identity: "app.ints USING btree" },
  { kind: "operator family", identity: "app.whole USING btree" },
  { kind: "collation", identity: "app.plain" },
  { kind: "conversion", identity: "app.latin" },
];

const ofSame = (name: string, words: string, told: string): Mutation => [
  `an operator's ${name}`,
  same(words),
  same(),
  `changed operator app.===(integer,integer): ${told}`,
];
const ofRank = (name: string, words: string, told: string): Mutation => [
  `a cast ${name}`,
  rank(words),
  rank(),
  `changed cast (app.mood AS integer): ${told}`,
];
const ofPlain = (name: string, words: string, told: string): Mutation => [
  `a collation's ${name}`,
  plain(words),
  plain(),
  `changed collation app.plain: ${told}`,
];
const ofGerman = (name: string, words: string, told: string): Mutation => [
  `an ICU collation's ${name}`,
  german(words),
  german(),
  `changed collation app.german: ${told}`,
];
const inFamily = (
  name: string,
  family: string,
  what: string,
  gone: string,
  told: string,
): Mutation => [
  name,
  `ALTER OPERATOR FAMILY app.${family} ADD ${what}`,
  `ALTER OPERATOR FAMILY app.${family} DROP ${gone}`,
  `changed operator family app.${family}: ${told}`,
];
const inClass = (name: string, assignment: string, undone: string): Mutation => [
  `a class's ${name}`,
  `UPDATE pg_opclass SET ${assignment} WHERE opcname = 'moods'`,
  `UPDATE pg_opclass SET ${undone} WHERE opcname = 'moods'`,
  `changed operator class app.moods USING hash: structure.${name}`,
];
const family = (name: string) =>
  `opcfamily = (SELECT oid FROM pg_opfamily WHERE opfname = '${name}')`;

export const ofOperators: readonly Mutation[] = [
  ...[operator, prefix, ...others].flatMap((thing) => [owned(thing), commented(thing)]),
  commented({ kind: "cast", identity: "(app.mood AS integer)" }),
  ofSame("commutator", ", COMMUTATOR = OPERATOR(app.===)", "structure.commutator"),
  [
    "an operator's negator",
    same(", NEGATOR = OPERATOR(app.!==)"),
    same(),
    "changed operator app.!==(integer,integer): structure.negator",
    "changed operator app.===(integer,integer): structure.negator",
  ],
  [
    "a negator that is not there yet",
    same(", NEGATOR = OPERATOR(app.<!>)"),
    `${same()} DROP OPERATOR app.<!> (int4, int4)`,
    "added operator app.<!>(integer,integer)",
    "changed operator app.===(integer,integer): structure.negator",
  ],
  ofSame("restriction", ", RESTRICT = eqsel", "structure.restrict"),
  ofSame("join", ", JOIN = eqjoinsel", "structure.join"),
  ofSame("hashing", ", HASHES", "structure.hashes"),
  ofSame("merging", ", MERGES", "structure.merges"),
  [
    "an operator's function",
    same("", "int4ne"),
    same(),
    "changed operator app.===(integer,integer): structure.function",
  ],
  [
    "an operator's result",
    same("", "int4pl"),
    same(),
    "changed operator app.===(integer,integer): structure.function structure.result",
  ],
  ["an operator gone", dropSame, same(), "removed operator app.===(integer,integer)"],
  inFamily(
    "a family's operator",
    "whole USING btree",
    "OPERATOR 1 < (int4, int8)",
    "OPERATOR 1 (int4, int8)",
    "structure.operators",
  ),
  inFamily(
    "a family's function",
    "whole USING btree",
    "FUNCTION 1 (int4, int8) btint48cmp(int4, int8)",
    "FUNCTION 1 (int4, int8)",
    "structure.functions",
  ),
  inFamily(
    "an operator that orders",
    "shapes USING gist",
    "OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops",
    "OPERATOR 15 (point, point)",
    "structure.operators",
  ),
  [
    "another family",
    "CREATE OPERATOR FAMILY app.more USING hash",
    "DROP OPERATOR FAMILY app.more USING hash",
    "added operator family app.more USING hash",
  ],
  [
    "a class's storage",
    boxes("STORAGE circle"),
    boxes(),
    "changed operator class app.boxes USING gist: structure.storage",
  ],
  [
    "a class's type",
    boxes("STORAGE box", "circle"),
    boxes(),
    "changed operator class app.boxes USING gist: structure.type",
  ],
  ["a class gone", dropBoxes, boxes(), "removed operator class app.boxes USING gist"],
  inClass("default", "opcdefault = true", "opcdefault = false"),
  inClass("family", family("hashes"), family("moods")),
  ofRank("at an assignment", "WITH FUNCTION app.rank(app.mood) AS ASSIGNMENT", "structure.context"),
  ofRank(
    "that nobody asked for",
    "WITH FUNCTION app.rank(app.mood) AS IMPLICIT",
    "structure.context",
  ),
  ofRank("by another function", "WITH FUNCTION app.other_rank(app.mood)", "structure.function"),
  ofRank("by text", "WITH INOUT", "structure.function structure.method"),
  [
    "a cast without a function",
    "CREATE CAST (int8 AS timestamptz) WITHOUT FUNCTION",
    "DROP CAST (int8 AS timestamptz)",
    "added cast (bigint AS timestamp with time zone)",
  ],
  ["a cast gone", dropRank, rank(), "removed cast (app.mood AS integer)"],
  [
    "a conversion that is the default",
    latin("DEFAULT CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"),
    latin(),
    "changed conversion app.latin: structure.default",
  ],
  [
    "a conversion the other way",
    latin("CONVERSION app.latin FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1"),
    latin(),
    "changed conversion app.latin: structure.function structure.source structure.target",
  ],
  ["a conversion gone", "DROP CONVERSION app.latin", latin(), "removed conversion app.latin"],
  ofPlain("order", "LC_COLLATE = 'POSIX', LC_CTYPE = 'C'", "structure.collate"),
  ofPlain("letters", "LC_COLLATE = 'C', LC_CTYPE = 'POSIX'", "structure.ctype"),
  ofPlain(
    "provider",
    "PROVIDER = icu, LOCALE = 'en'",
    "structure.collate structure.ctype structure.locale structure.provider",
  ),
  ofGerman("locale", "LOCALE = 'de-AT'", "structure.locale"),
  ofGerman("determinism", "LOCALE = 'de', DETERMINISTIC = false", "structure.nondeterministic"),
  ["a collation gone", "DROP COLLATION app.german", german(), "removed collation app.german"],
];

export const ofOperatorsSince16: readonly Mutation[] = [
  ofGerman("rules", "LOCALE = 'de', RULES = '& V << w'", "structure.rules"),
];

export const ofOperatorsSince17: readonly Mutation[] = [
  ofPlain(
    "provider: PostgreSQL itself",
    "PROVIDER = builtin, LOCALE = 'C'",
    "structure.collate structure.ctype structure.locale structure.provider",
  ),
];

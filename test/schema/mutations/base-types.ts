import type { Mutation } from "./mutation.ts";
import { commented, owned, type Thing, withheld } from "./owned.ts";

/** A base type, made anew: a few words of it are what a mutation changes. */
const hex = (words = "INTERNALLENGTH = 8, ALIGNMENT = int4") => `
  DROP TYPE IF EXISTS app.hex CASCADE;
  CREATE TYPE app.hex;
  CREATE FUNCTION app.hex_in(cstring) RETURNS app.hex LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
  CREATE FUNCTION app.hex_out(app.hex) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
  CREATE FUNCTION app.hex_in2(cstring) RETURNS app.hex LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
  CREATE FUNCTION app.hex_out2(app.hex) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
  CREATE FUNCTION app.hex_receive(internal) RETURNS app.hex LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
  CREATE FUNCTION app.hex_send(app.hex) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
  CREATE TYPE app.hex (${words.includes("INPUT") ? "" : "INPUT = app.hex_in,"}
                       ${words.includes("OUTPUT") ? "" : "OUTPUT = app.hex_out,"} ${words});`;

const usual = "INTERNALLENGTH = 8, ALIGNMENT = int4";

export const baseTypesBase = hex();

const type: Thing = { kind: "base type", identity: "app.hex", as: "TYPE app.hex" };

/** A base type changed by words of its definition, and made again without them. */
const ofHex = (name: string, words: string, told: string): Mutation => [
  `a base type's ${name}`,
  hex(words),
  hex(),
  `changed base type app.hex: ${told}`,
];

export const ofBaseTypes: readonly Mutation[] = [
  owned(type),
  commented(type),
  withheld(type, "USAGE", "TYPE app.hex"),
  ofHex("input", `INPUT = app.hex_in2, ${usual}`, "structure.input"),
  ofHex("output", `OUTPUT = app.hex_out2, ${usual}`, "structure.output"),
  ofHex("receive", `RECEIVE = app.hex_receive, ${usual}`, "structure.receive"),
  ofHex("send", `SEND = app.hex_send, ${usual}`, "structure.send"),
  ofHex(
    "modifiers",
    `TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout, ${usual}`,
    "structure.typmodIn structure.typmodOut",
  ),
  ofHex("analyze", `ANALYZE = ts_typanalyze, ${usual}`, "structure.analyze"),
  ofHex("length", "INTERNALLENGTH = 12, ALIGNMENT = int4", "structure.length"),
  ofHex("alignment", "INTERNALLENGTH = 8, ALIGNMENT = double", "structure.alignment"),
  ofHex(
    "passing by value",
    "INTERNALLENGTH = 8, ALIGNMENT = double, PASSEDBYVALUE",
    "structure.alignment structure.byValue",
  ),
  ofHex(
    "storage",
    "INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = main",
    "structure.length physical.storage",
  ),
  ofHex("category", `CATEGORY = 'X', ${usual}`, "structure.category"),
  ofHex("preference", `PREFERRED = true, ${usual}`, "structure.preferred"),
  ofHex("delimiter", `DELIMITER = ';', ${usual}`, "structure.delimiter"),
  ofHex("element", `ELEMENT = int2, ${usual}`, "structure.element"),
  ofHex("default", `DEFAULT = '7', ${usual}`, "structure.default"),
  ofHex("collation", `COLLATABLE = true, ${usual}`, "structure.collatable"),
  [
    "a base type gone",
    "DROP TYPE app.hex CASCADE",
    hex(),
    "removed base type app.hex",
    ...[
      "hex_in(pg_catalog.cstring)",
      "hex_in2(pg_catalog.cstring)",
      "hex_out(app.hex)",
      "hex_out2(app.hex)",
      "hex_receive(pg_catalog.internal)",
      "hex_send(app.hex)",
    ].map((name) => `removed function app.${name}`),
  ],
];

export const ofBaseTypesSince14: readonly Mutation[] = [
  [
    "a base type's subscripting",
    `CREATE FUNCTION app.part(internal) RETURNS internal LANGUAGE internal AS 'raw_array_subscript_handler'; ${hex(`SUBSCRIPT = app.part, ELEMENT = int2, ${usual}`)}`,
    `${hex()} DROP FUNCTION app.part(internal)`,
    "changed base type app.hex: structure.element structure.subscript",
    "added function app.part(pg_catalog.internal)",
  ],
];

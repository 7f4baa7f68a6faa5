import type { Fact } from "../fact.ts";
import { nameOf } from "./outside.ts";
import { has, listed, of, words } from "./said.ts";
import { called, inParentheses, literal, operatorIn } from "./types.ts";

const asOperator = (fact: Fact): string => {
  const name = fact.identity.slice(0, fact.identity.lastIndexOf("("));
  return `CREATE OPERATOR ${name} ${inParentheses([
    ["FUNCTION", called(fact, "function")],
    ["LEFTARG", of(fact, "left")],
    ["RIGHTARG", of(fact, "right")],
    ["COMMUTATOR", operatorIn(of(fact, "commutator"))],
    ["NEGATOR", operatorIn(of(fact, "negator"))],
    ["RESTRICT", called(fact, "restrict")],
    ["JOIN", called(fact, "join")],
    ["HASHES", has(fact, "hashes") && "true"],
    ["MERGES", has(fact, "merges") && "true"],
  ])}`;
};

/** `app.ints` and `btree` of `app.ints USING btree`. */
function apart(identity = ""): readonly [string, string] {
  const at = identity.lastIndexOf(" USING ");
  return [identity.slice(0, at), identity.slice(at + " USING ".length)];
}

/** Its members are in its family. */
const asClass = (fact: Fact): string => {
  const [name, method] = apart(fact.identity);
  return words(
    `CREATE OPERATOR CLASS ${name}`,
    has(fact, "default") && "DEFAULT",
    `FOR TYPE ${of(fact, "type")} USING ${method}`,
    `FAMILY ${apart(of(fact, "family"))[0]} AS`,
    of(fact, "storage") && `STORAGE ${of(fact, "storage")}`,
  );
};

const asFamily = (fact: Fact): string => {
  const members = [
    ...listed(fact, "structure", "operators"),
    ...listed(fact, "structure", "functions"),
  ];
  const create = `CREATE OPERATOR FAMILY ${fact.identity}`;
  if (members.length === 0) return create;
  return `${create};\nALTER OPERATOR FAMILY ${fact.identity} ADD\n  ${members.join(",\n  ")}`;
};

const asCast = (fact: Fact): string =>
  words(
    `CREATE CAST ${fact.identity}`,
    of(fact, "method") === "inout"
      ? "WITH INOUT"
      : of(fact, "method") === "binary"
        ? "WITHOUT FUNCTION"
        : `WITH FUNCTION ${of(fact, "function")}`,
    of(fact, "context") && `AS ${of(fact, "context")?.toUpperCase()}`,
  );

const asConversion = (fact: Fact): string =>
  words(
    "CREATE",
    has(fact, "default") && "DEFAULT",
    `CONVERSION ${fact.identity} FOR ${literal(fact, "source")} TO ${literal(fact, "target")}`,
    `FROM ${of(fact, "function")}`,
  );

const asCollation = (fact: Fact): string =>
  `CREATE COLLATION ${fact.identity} ${inParentheses([
    ["PROVIDER", of(fact, "provider")],
    ["LOCALE", literal(fact, "locale")],
    ["LC_COLLATE", literal(fact, "collate")],
    ["LC_CTYPE", literal(fact, "ctype")],
    ["DETERMINISTIC", has(fact, "nondeterministic") && "false"],
    ["RULES", literal(fact, "rules")],
  ])}`;

const asConfiguration = (fact: Fact): string => {
  const mappings = Object.keys(fact.facets.structure ?? {}).flatMap((attribute) => {
    const token = /^mapping for (.*)$/s.exec(attribute)?.[1];
    const dictionaries = listed(fact, "structure", attribute).join(", ");
    return token === undefined
      ? []
      : [
          `;\nALTER TEXT SEARCH CONFIGURATION ${fact.identity} ADD MAPPING FOR ${token} WITH ${dictionaries}`,
        ];
  });
  return `CREATE TEXT SEARCH CONFIGURATION ${fact.identity} (PARSER = ${of(fact, "parser")})${mappings.join("")}`;
};

const asDictionary = (fact: Fact): string =>
  `CREATE TEXT SEARCH DICTIONARY ${fact.identity} (${[
    `TEMPLATE = ${of(fact, "template")}`,
    ...listed(fact, "structure", "options"),
  ].join(", ")})`;

const asLanguage = (fact: Fact): string => {
  const handler = of(fact, "handler");
  if (handler === undefined) return `language ${fact.identity}`;
  return words(
    "CREATE",
    has(fact, "trusted") && "TRUSTED",
    `LANGUAGE ${fact.identity} HANDLER ${nameOf(handler)}`,
    called(fact, "inline") && `INLINE ${called(fact, "inline")}`,
    called(fact, "validator") && `VALIDATOR ${called(fact, "validator")}`,
  );
};

const asTransform = (fact: Fact): string => {
  const parts = [
    of(fact, "fromSql") && `FROM SQL WITH FUNCTION ${of(fact, "fromSql")}`,
    of(fact, "toSql") && `TO SQL WITH FUNCTION ${of(fact, "toSql")}`,
  ].filter(Boolean);
  return `CREATE TRANSFORM FOR ${of(fact, "type")} LANGUAGE ${of(fact, "language")} (${parts.join(", ")})`;
};

export const describersOfOperators: Readonly<Record<string, (fact: Fact) => string>> = {
  operator: asOperator,
  "operator class": asClass,
  "operator family": asFamily,
  cast: asCast,
  conversion: asConversion,
  collation: asCollation,
  "text search parser": (fact) =>
    `CREATE TEXT SEARCH PARSER ${fact.identity} ${inParentheses([
      ["START", called(fact, "start")],
      ["GETTOKEN", called(fact, "token")],
      ["END", called(fact, "end")],
      ["LEXTYPES", called(fact, "lexTypes")],
      ["HEADLINE", called(fact, "headline")],
    ])}`,
  "text search template": (fact) =>
    `CREATE TEXT SEARCH TEMPLATE ${fact.identity} ${inParentheses([
      ["INIT", called(fact, "init")],
      ["LEXIZE", called(fact, "lexize")],
    ])}`,
  "text search dictionary": asDictionary,
  "text search configuration": asConfiguration,
  language: asLanguage,
  transform: asTransform,
  "access method": (fact) =>
    `CREATE ACCESS METHOD ${fact.identity} TYPE ${of(fact, "type")?.toUpperCase()} HANDLER ${called(fact, "handler")}`,
};

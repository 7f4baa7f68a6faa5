import { quoteLiteral } from "../../core/sql.ts";
import type { Fact } from "../fact.ts";
import { nameOf } from "./outside.ts";
import { has, is, listed, memberName, of, ownName, said, wholeOf, words } from "./said.ts";

/** `(A = 1, B = 2)`, of those that are there. */
export const inParentheses = (
  parts: readonly (readonly [string, string | false | undefined])[],
): string =>
  `(${parts.flatMap(([name, value]) => (value ? [`${name} = ${value}`] : [])).join(", ")})`;

/** The name alone of a function, whose types follow from what it is for. */
export const called = (fact: Fact, attribute: string): string | undefined => {
  const routine = of(fact, attribute);
  return routine === undefined ? undefined : nameOf(routine);
};

export const literal = (fact: Fact, attribute: string): string | undefined => {
  const value = of(fact, attribute);
  return value === undefined ? undefined : quoteLiteral(value).trim();
};

/** The name without what PostgreSQL says after it: `app.ints` of `app.ints USING btree`. */
const beforeUsing = (identity = ""): string => identity.replace(/ USING \S+$/, "");

const asDomain = (fact: Fact): string =>
  words(
    `CREATE DOMAIN ${fact.identity} AS ${of(fact, "type")}`,
    of(fact, "collation") && `COLLATE ${of(fact, "collation")}`,
    of(fact, "default") && `DEFAULT ${of(fact, "default")}`,
    has(fact, "notNull") && "NOT NULL",
  );

const asDomainConstraint = (fact: Fact): string =>
  words(
    `ALTER DOMAIN ${wholeOf(fact)} ADD CONSTRAINT ${ownName(fact)}`,
    of(fact, "definition"),
    is(fact, "validity", "notValidated") && "NOT VALID",
  );

/** The attributes are told by themselves; here they are names alone. */
const asComposite = (fact: Fact): string =>
  `CREATE TYPE ${fact.identity} AS (${listed(fact, "columnOrder", "columns").join(", ")})`;

const asRange = (fact: Fact): string =>
  `CREATE TYPE ${fact.identity} AS RANGE ${inParentheses([
    ["SUBTYPE", of(fact, "subtype")],
    ["SUBTYPE_OPCLASS", beforeUsing(of(fact, "operatorClass"))],
    ["COLLATION", of(fact, "collation")],
    ["CANONICAL", called(fact, "canonical")],
    ["SUBTYPE_DIFF", called(fact, "difference")],
    ["MULTIRANGE_TYPE_NAME", of(fact, "multirange")],
  ])}`;

const asBaseType = (fact: Fact): string => {
  const length = of(fact, "length");
  return `CREATE TYPE ${fact.identity} ${inParentheses([
    ["INPUT", called(fact, "input")],
    ["OUTPUT", called(fact, "output")],
    ["RECEIVE", called(fact, "receive")],
    ["SEND", called(fact, "send")],
    ["TYPMOD_IN", called(fact, "typmodIn")],
    ["TYPMOD_OUT", called(fact, "typmodOut")],
    ["ANALYZE", called(fact, "analyze")],
    ["SUBSCRIPT", called(fact, "subscript")],
    ["INTERNALLENGTH", length === "cstring" ? "-2" : length],
    ["PASSEDBYVALUE", has(fact, "byValue") && "true"],
    ["ALIGNMENT", of(fact, "alignment")],
    ["STORAGE", said(fact, "physical", "storage")],
    ["CATEGORY", literal(fact, "category")],
    ["PREFERRED", has(fact, "preferred") && "true"],
    ["DEFAULT", literal(fact, "default")],
    ["ELEMENT", of(fact, "element")],
    ["DELIMITER", literal(fact, "delimiter")],
    ["COLLATABLE", has(fact, "collatable") && "true"],
  ])}`;
};

const asAggregate = (fact: Fact): string => {
  const name = fact.identity.slice(0, fact.identity.indexOf("("));
  return `CREATE AGGREGATE ${name}(${of(fact, "arguments") || "*"}) ${inParentheses([
    ["SFUNC", called(fact, "transition")],
    ["STYPE", of(fact, "state")],
    ["SSPACE", of(fact, "stateSize")],
    ["FINALFUNC", called(fact, "final")],
    ["FINALFUNC_EXTRA", has(fact, "finalExtra") && "true"],
    ["FINALFUNC_MODIFY", of(fact, "finalModifies")?.toUpperCase().replace(" ", "_")],
    ["COMBINEFUNC", called(fact, "combine")],
    ["SERIALFUNC", called(fact, "serialize")],
    ["DESERIALFUNC", called(fact, "deserialize")],
    ["INITCOND", literal(fact, "initial")],
    ["MSFUNC", called(fact, "movingTransition")],
    ["MINVFUNC", called(fact, "movingInverse")],
    ["MSTYPE", of(fact, "movingState")],
    ["MSSPACE", of(fact, "movingStateSize")],
    ["MFINALFUNC", called(fact, "movingFinal")],
    ["MFINALFUNC_EXTRA", has(fact, "movingFinalExtra") && "true"],
    ["MFINALFUNC_MODIFY", of(fact, "movingFinalModifies")?.toUpperCase().replace(" ", "_")],
    ["MINITCOND", literal(fact, "movingInitial")],
    ["SORTOP", operatorIn(of(fact, "sortOperator"))],
    ["PARALLEL", of(fact, "parallel")?.toUpperCase()],
    ["HYPOTHETICAL", of(fact, "aggregates") === "hypothetical set" && "true"],
  ])}`;
};

/** `OPERATOR(app.<)` of `app.<(integer,integer)`. */
export const operatorIn = (identity: string | undefined): string | undefined =>
  identity === undefined ? undefined : `OPERATOR(${identity.replace(/\([^()]*\)$/, "")})`;

export const describersOfTypes: Readonly<Record<string, (fact: Fact) => string>> = {
  schema: (fact) => `CREATE SCHEMA ${fact.identity}`,
  domain: asDomain,
  "domain constraint": asDomainConstraint,
  "composite type": asComposite,
  attribute: (fact) =>
    words(
      `ALTER TYPE ${wholeOf(fact)} ADD ATTRIBUTE ${memberName(fact)} ${of(fact, "type")}`,
      of(fact, "collation") && `COLLATE ${of(fact, "collation")}`,
    ),
  range: asRange,
  "base type": asBaseType,
  "shell type": (fact) => `CREATE TYPE ${fact.identity}`,
  aggregate: asAggregate,
};

import type { AttributeChange } from "../diff.ts";
import type { Fact } from "../fact.ts";

/** How a text becomes a statement that can be parsed. */
type Frame = (text: string) => string;

const whole: Frame = (text) => text;
const expression: Frame = (text) => `SELECT ${text}`;
const parameters: Frame = (text) => `CREATE PROCEDURE p(${text}) LANGUAGE sql AS ''`;
const returns: Frame = (text) => `CREATE FUNCTION f() RETURNS ${text} LANGUAGE sql AS ''`;
const body: Frame = (text) => `CREATE FUNCTION f() RETURNS int LANGUAGE sql ${text}`;
const constraint: Frame = (text) => `ALTER TABLE t ADD ${text}`;

/** The attributes that PostgreSQL prints from its trees. What users wrote word by word is not here. */
const frames: Readonly<Record<string, Frame>> = {
  "view definition": whole,
  "materialized view definition": whole,
  "rule definition": whole,
  "index definition": whole,
  "trigger definition": whole,
  "statistics definition": whole,
  "constraint definition": constraint,
  "column default": expression,
  "policy using": expression,
  "policy withCheck": expression,
  "domain default": expression,
  "domain constraint definition": constraint,
  "publication table filter": expression,
  "table partitionBy": (text) => `CREATE TABLE t (a int) PARTITION BY ${text}`,
  "table bound": (text) => `CREATE TABLE t PARTITION OF p ${text}`,
  "function arguments": parameters,
  "procedure arguments": parameters,
  "function result": returns,
};

export function frameOf(fact: Fact, { attribute }: AttributeChange): Frame | undefined {
  const isRoutine = fact.kind === "function" || fact.kind === "procedure";
  if (isRoutine && attribute === "body") {
    return fact.facets.structure?.sqlBody === true ? body : undefined;
  }
  return Object.hasOwn(frames, `${fact.kind} ${attribute}`)
    ? frames[`${fact.kind} ${attribute}`]
    : undefined;
}

/** Attributes that name other objects, as quoted as these are. */
const naming = new Set([
  "partitionOf",
  "inherits",
  "attachedTo",
  "copyOf",
  "ownedBy",
  "constraint",
  "ofType",
  "collation",
  "type",
  "triggers",
  "transition",
  "final",
  "combine",
]);

export const isNaming = ({ facet, attribute }: AttributeChange): boolean =>
  facet !== "comments" && facet !== "privileges" && naming.has(attribute);

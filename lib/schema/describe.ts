import { quoteIdentifier } from "../core/sql.ts";
import { describersOfAccess } from "./describe/access.ts";
import { describersOfOperators } from "./describe/operators.ts";
import { describersOfOutside } from "./describe/outside.ts";
import { describersOfRules } from "./describe/rules.ts";
import { has, is, listed, memberName, of, ownName, said, wholeOf, words } from "./describe/said.ts";
import { describersOfTypes } from "./describe/types.ts";
import type { FacetName, Fact } from "./fact.ts";

/** An object as a person would write it down: DDL where PostgreSQL has it, a word where not. */
export function definitionOf(fact: Fact): string {
  const describe = describers[fact.kind];
  return [describe?.(fact) ?? `${fact.kind} ${fact.identity}`, ...asides(fact)].join("\n");
}

const options = (fact: Fact, facet: FacetName): string | false => {
  const list = listed(fact, facet, "options");
  return list.length > 0 && `WITH (${list.join(", ")})`;
};

const asTable = (fact: Fact): string =>
  words(
    "CREATE",
    has(fact, "unlogged") && "UNLOGGED",
    fact.kind.toUpperCase(),
    fact.identity,
    said(fact, "inheritance", "partitionOf") &&
      `PARTITION OF ${said(fact, "inheritance", "partitionOf")} ${said(fact, "inheritance", "bound")}`,
    listed(fact, "inheritance", "inherits").length > 0 &&
      `INHERITS (${listed(fact, "inheritance", "inherits").join(", ")})`,
    of(fact, "partitionBy") && `PARTITION BY ${of(fact, "partitionBy")}`,
    of(fact, "ofType") && `OF ${of(fact, "ofType")}`,
    said(fact, "physical", "accessMethod") && `USING ${said(fact, "physical", "accessMethod")}`,
    options(fact, "physical"),
    said(fact, "physical", "tablespace") && `TABLESPACE ${said(fact, "physical", "tablespace")}`,
  ) +
  [
    has(fact, "rowSecurity") && "ENABLE ROW LEVEL SECURITY",
    has(fact, "forceRowSecurity") && "FORCE ROW LEVEL SECURITY",
    of(fact, "replicaIdentity") && `REPLICA IDENTITY ${of(fact, "replicaIdentity")?.toUpperCase()}`,
  ]
    .filter(Boolean)
    .map((clause) => `;\nALTER TABLE ${fact.identity} ${clause}`)
    .join("");

const asView = (fact: Fact): string =>
  `${words(
    "CREATE",
    fact.kind.toUpperCase(),
    fact.identity,
    options(fact, fact.kind === "view" ? "structure" : "physical"),
  )} AS\n${of(fact, "definition")?.trimEnd().replace(/;$/, "")}`;

const columnWords = (fact: Fact): string =>
  words(
    of(fact, "type"),
    of(fact, "collation") && `COLLATE ${of(fact, "collation")}`,
    has(fact, "notNull") && "NOT NULL",
    has(fact, "notNullNoInherit") && "NO INHERIT",
    of(fact, "generated")
      ? `GENERATED ALWAYS AS (${of(fact, "default")}) ${of(fact, "generated")?.toUpperCase()}`
      : of(fact, "default") && `DEFAULT ${of(fact, "default")}`,
    of(fact, "identity") && `GENERATED ${of(fact, "identity")?.toUpperCase()} AS IDENTITY`,
    said(fact, "physical", "storage") && `STORAGE ${said(fact, "physical", "storage")}`,
    said(fact, "physical", "compression") && `COMPRESSION ${said(fact, "physical", "compression")}`,
  );

const asRoutine = (fact: Fact): string => {
  const [, name = fact.identity] = /^(.*?)\(/s.exec(fact.identity) ?? [];
  const body = of(fact, "body") ?? "";
  const quote = body.includes("$$") ? "$function$" : "$$";
  return [
    words(`CREATE OR REPLACE ${fact.kind.toUpperCase()} ${name}(${of(fact, "arguments") ?? ""})`),
    of(fact, "result") && ` RETURNS ${of(fact, "result")}`,
    ` ${words(
      `LANGUAGE ${of(fact, "language")}`,
      has(fact, "window") && "WINDOW",
      of(fact, "volatility")?.toUpperCase(),
      has(fact, "strict") && "STRICT",
      has(fact, "securityDefiner") && "SECURITY DEFINER",
      has(fact, "leakproof") && "LEAKPROOF",
      of(fact, "parallel") && `PARALLEL ${of(fact, "parallel")?.toUpperCase()}`,
      of(fact, "cost") && `COST ${of(fact, "cost")}`,
      of(fact, "rows") && `ROWS ${of(fact, "rows")}`,
      of(fact, "support") && `SUPPORT ${of(fact, "support")}`,
    )}`,
    ...listed(fact, "structure", "settings").map(
      (setting) => ` SET ${setting.replace("=", " TO ")}`,
    ),
    has(fact, "sqlBody")
      ? body
      : of(fact, "library")
        ? `AS '${of(fact, "library")}', '${body}'`
        : `AS ${quote}${body}${quote}`,
  ]
    .filter(Boolean)
    .join("\n");
};

const asSequence = (fact: Fact): string =>
  words(
    "CREATE",
    has(fact, "unlogged") && "UNLOGGED",
    `SEQUENCE ${fact.identity} AS ${of(fact, "type")}`,
    `START ${of(fact, "start")} INCREMENT ${of(fact, "increment")}`,
    `MINVALUE ${of(fact, "min")} MAXVALUE ${of(fact, "max")} CACHE ${of(fact, "cache")}`,
    has(fact, "cycle") && "CYCLE",
    of(fact, "ownedBy") && `OWNED BY ${of(fact, "ownedBy")}`,
  );

const describers: Readonly<Record<string, (fact: Fact) => string>> = {
  table: asTable,
  view: asView,
  "materialized view": asView,
  column: (fact) => words(memberName(fact), columnWords(fact)),
  constraint: (fact) =>
    words(`ALTER TABLE ${wholeOf(fact)} ADD CONSTRAINT ${ownName(fact)}`, of(fact, "definition")) +
    (is(fact, "validity", "notEnforced") ? " NOT ENFORCED" : "") +
    (is(fact, "validity", "notValidated") ? " NOT VALID" : ""),
  index: (fact) => words(of(fact, "definition"), options(fact, "physical")),
  trigger: (fact) => of(fact, "definition") ?? "",
  ...describersOfRules,
  ...describersOfOutside,
  ...describersOfAccess,
  ...describersOfTypes,
  ...describersOfOperators,
  sequence: asSequence,
  function: asRoutine,
  procedure: asRoutine,
  enum: (fact) =>
    `CREATE TYPE ${fact.identity} AS ENUM (${listed(fact, "structure", "labels")
      .map((label) => `'${label.replaceAll("'", "''")}'`)
      .join(", ")})`,
  extension: (fact) =>
    `CREATE EXTENSION ${fact.identity} WITH SCHEMA ${quoteIdentifier(of(fact, "schema") ?? "")} VERSION '${of(fact, "version")}'`,
};

/** What stands beside the definition: a line an attribute of the facets that it does not show. */
const shown: ReadonlySet<string> = new Set(["structure", "columnOrder"]);
const shownAttributes: ReadonlySet<string> = new Set([
  "validity.notValidated",
  "validity.notEnforced",
  "physical.options",
  "physical.storage",
  "physical.compression",
  "physical.accessMethod",
  "physical.tablespace",
  "inheritance.partitionOf",
  "inheritance.bound",
  "inheritance.inherits",
]);

const asides = (fact: Fact): readonly string[] =>
  Object.entries(fact.facets).flatMap(([facet, attributes]) =>
    shown.has(facet)
      ? []
      : Object.entries(attributes)
          .filter(([name]) => !shownAttributes.has(`${facet}.${name}`))
          .map(([name, value]) => `-- ${facet}: ${sayAttribute(name, value)}`),
  );

const sayAttribute = (name: string, value: unknown): string =>
  value === true ? name : `${name} ${Array.isArray(value) ? value.join(", ") : String(value)}`;

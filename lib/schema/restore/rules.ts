import type { Remedy } from "../../core/finding.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { publicationOf } from "../describe/rules.ts";
import { memberName, ownName, said, wholeOf } from "../describe/said.ts";
import type { Fact } from "../fact.ts";
import { hidden } from "../secret.ts";

export type Way = Omit<Remedy, "summary">;

const exclusive = "ACCESS EXCLUSIVE on the table, for a moment";

/** Kinds that stand alone, of which DDL says all, and that it names as their identity does. */
const madeByItsWords = [
  "cast",
  "collation",
  "conversion",
  "text search parser",
  "text search template",
  "text search dictionary",
  "transform",
  "access method",
];

/** How an object that came is dropped again. */
export const dropped: Readonly<Record<string, (fact: Fact) => Way>> = {
  policy: (fact) => ({
    sql: `DROP POLICY ${ownName(fact)} ON ${wholeOf(fact)};`,
    lock: exclusive,
  }),
  rule: (fact) => ({ sql: `DROP RULE ${ownName(fact)} ON ${wholeOf(fact)};`, lock: exclusive }),
  statistics: ({ identity }) => ({ sql: `DROP STATISTICS ${identity};` }),
  "publication table": (fact) => ({
    sql: `ALTER PUBLICATION ${publicationOf(fact)} DROP TABLE ${wholeOf(fact)};`,
  }),
  "publication schema": (fact) => ({
    sql: `ALTER PUBLICATION ${publicationOf(fact)} DROP TABLES IN SCHEMA ${wholeOf(fact)};`,
  }),
  publication: ({ identity }) => ({ sql: `DROP PUBLICATION ${identity};` }),
  "event trigger": ({ identity }) => ({ sql: `DROP EVENT TRIGGER ${identity};` }),
  server: ({ identity }) => ({ sql: `DROP SERVER ${identity};` }),
  "foreign-data wrapper": ({ identity }) => ({ sql: `DROP FOREIGN DATA WRAPPER ${identity};` }),
  "domain constraint": (fact) => ({
    sql: `ALTER DOMAIN ${wholeOf(fact)} DROP CONSTRAINT ${ownName(fact)};`,
  }),
  attribute: (fact) => ({
    sql: `ALTER TYPE ${wholeOf(fact)} DROP ATTRIBUTE ${memberName(fact)};`,
  }),
  range: ({ identity }) => ({ sql: `DROP TYPE ${identity};` }),
  ...Object.fromEntries(
    ["domain", "operator", "operator family", "text search configuration", ...madeByItsWords].map(
      (kind) => [
        kind,
        ({ identity }: Fact) => ({ sql: `DROP ${kind.toUpperCase()} ${identity};` }),
      ],
    ),
  ),
};

/** Kinds whose definition makes the object anew, as long as nothing in it is hidden. */
export const madeAnew: ReadonlySet<string> = new Set([
  "policy",
  "rule",
  "statistics",
  "publication table",
  "publication schema",
  "event trigger",
  "extension",
  "server",
  "foreign-data wrapper",
  ...madeByItsWords,
]);

/** What stands after ALTER where an owner is changed. */
export const owned: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "table",
      "foreign table",
      "view",
      "materialized view",
      "sequence",
      "function",
      "procedure",
      "aggregate",
      "schema",
      "domain",
      "collation",
      "conversion",
      "language",
      "operator",
      "operator class",
      "operator family",
      "text search configuration",
      "text search dictionary",
      "statistics",
      "publication",
      "subscription",
      "event trigger",
      "server",
    ].map((kind) => [kind, kind.toUpperCase()]),
  ),
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
  enum: "TYPE",
  "composite type": "TYPE",
  range: "TYPE",
  "base type": "TYPE",
};

const firing: Readonly<Record<string, string>> = {
  disabled: "DISABLE",
  always: "ENABLE ALWAYS",
  "on replicas only": "ENABLE REPLICA",
};

const wordOf = (fires: unknown): string | undefined =>
  fires === null ? "ENABLE" : firing[String(fires)];

/** `kind facet.attribute`, and how it gets the value back that it had. */
export const altered: Readonly<Record<string, (fact: Fact, value: unknown) => Way | undefined>> = {
  "rule validity.fires": (fact, value) => {
    const word = wordOf(value);
    return word === undefined
      ? undefined
      : { sql: `ALTER TABLE ${wholeOf(fact)} ${word} RULE ${ownName(fact)};`, lock: exclusive };
  },
  "event trigger validity.fires": ({ identity }, value) => {
    const word = value === "on replicas only" ? "ENABLE REPLICA" : wordOf(value);
    return word === undefined ? undefined : { sql: `ALTER EVENT TRIGGER ${identity} ${word};` };
  },
  ...Object.fromEntries(
    Object.entries({
      increment: "INCREMENT",
      min: "MINVALUE",
      max: "MAXVALUE",
      start: "START",
      cache: "CACHE",
    }).map(([attribute, word]) => [
      `sequence structure.${attribute}`,
      ({ identity }: Fact, value: unknown): Way => ({
        sql: `ALTER SEQUENCE ${identity} ${word} ${String(value)};`,
      }),
    ]),
  ),
  "extension structure.schema": ({ identity }, value) => ({
    sql: `ALTER EXTENSION ${identity} SET SCHEMA ${quoteIdentifier(String(value))};`,
  }),
  "sequence structure.cycle": ({ identity }, value) => ({
    sql: `ALTER SEQUENCE ${identity} ${value === true ? "CYCLE" : "NO CYCLE"};`,
  }),
  "policy structure.using": (fact, value) => changed(fact, "USING", value),
  "policy structure.withCheck": (fact, value) => changed(fact, "WITH CHECK", value),
  "rule structure.definition": (_fact, value) =>
    typeof value === "string"
      ? { sql: `${value.replace(/^CREATE RULE/, "CREATE OR REPLACE RULE")};`, lock: exclusive }
      : undefined,
  "statistics physical.target": ({ identity }, value) => ({
    sql: `ALTER STATISTICS ${identity} SET STATISTICS ${value === null ? -1 : String(value)};`,
  }),
  "publication structure.viaRoot": ({ identity }, value) => ({
    sql: `ALTER PUBLICATION ${identity} SET (publish_via_partition_root = ${value === true});`,
  }),
  "publication structure.publishes": ({ identity }, value) => ({
    sql: `ALTER PUBLICATION ${identity} SET (publish = '${Array.isArray(value) ? value.join(", ") : ""}');`,
  }),
};

/** An expression cannot be taken away from a policy, only be replaced. */
const changed = (fact: Fact, clause: string, value: unknown): Way | undefined =>
  typeof value === "string"
    ? {
        sql: `ALTER POLICY ${ownName(fact)} ON ${wholeOf(fact)} ${clause} (${value});`,
        lock: exclusive,
      }
    : undefined;

/** Does its definition leave out what no reader sees? */
export const isHidden = (fact: Fact): boolean =>
  JSON.stringify(fact.facets).includes(hidden) || said(fact, "validity", "fires") !== undefined;

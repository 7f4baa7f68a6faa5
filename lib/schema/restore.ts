import { quoteIdentifier, quoteLiteral } from "../core/sql.ts";
import { is, listed, said } from "./describe/said.ts";
import { definitionOf } from "./describe.ts";
import type { AttributeChange, Difference } from "./diff.ts";
import type { Fact } from "./fact.ts";
import { regrant } from "./restore/grants.ts";
import { altered, dropped, isHidden, madeAnew, owned, type Way } from "./restore/rules.ts";
import { hidden } from "./secret.ts";
import { partitionOf } from "./sides.ts";

/** DDL that brings the earlier state back, where it is simple and certain. Never executed. */
export function restore(difference: Difference): Way | undefined {
  const way = back(difference);
  // A password that is hidden would not come back.
  return way?.sql?.includes(hidden) ? undefined : way;
}

function back(difference: Difference): Way | undefined {
  const { change, before, after, attributes } = difference;
  if (change === "added" && after) return drop(after);
  if (change === "removed" && before) return create(before);
  if (change !== "changed" || !before || !after) return undefined;
  const ways = attributes.map((one) => ofAttribute(before, after, one));
  return ways.every((way) => way !== undefined) ? inOne(ways) : undefined;
}

function ofAttribute(before: Fact, after: Fact, one: AttributeChange): Way | undefined {
  if (one.facet === "privileges") return regrant(after, one.attribute, one.before, one.after);
  return alter(before, after, `${one.facet}.${one.attribute}`, one.before);
}

/** Each statement and each lock once: what is written anew has several attributes in it. */
function inOne(ways: readonly Way[]): Way | undefined {
  const each = (of: (way: Way) => string | undefined) => [
    ...new Set(ways.flatMap((one) => of(one) ?? [])),
  ];
  const [sql, locks] = [each((way) => way.sql), each((way) => way.lock)];
  if (sql.length === 0) return undefined;
  return { sql: sql.join("\n"), ...(locks.length > 0 ? { lock: locks.join("; ") } : {}) };
}

const online = "SHARE UPDATE EXCLUSIVE: reads and writes go on";
const exclusive = "ACCESS EXCLUSIVE on the table, for a moment";
const blocksWrites = "SHARE ROW EXCLUSIVE: writes wait, for a moment";

const isOnPartitioned = (fact: Fact): boolean =>
  (said(fact, "structure", "definition") ?? "").includes(" ON ONLY ");

/** An index that is not somebody else's: a constraint's, or a part of a partitioned one. */
const standsAlone = (fact: Fact): boolean =>
  said(fact, "structure", "constraint") === undefined &&
  said(fact, "inheritance", "attachedTo") === undefined;

function drop(fact: Fact): Way | undefined {
  const { kind, identity } = fact;
  if (kind === "index" && standsAlone(fact)) {
    return isOnPartitioned(fact)
      ? { sql: `DROP INDEX ${identity};`, lock: exclusive }
      : { sql: `DROP INDEX CONCURRENTLY ${identity};`, lock: online };
  }
  const [name, table] = nameAndTable(fact);
  if (kind === "constraint" && !is(fact, "inheritance", "inherited")) {
    return { sql: `ALTER TABLE ${table} DROP CONSTRAINT ${name};`, lock: exclusive };
  }
  if (kind === "trigger" && said(fact, "inheritance", "copyOf") === undefined) {
    return { sql: `DROP TRIGGER ${name} ON ${table};`, lock: exclusive };
  }
  if (kind === "view" || kind === "function" || kind === "procedure") {
    return { sql: `DROP ${kind.toUpperCase()} ${identity};` };
  }
  return dropped[kind]?.(fact);
}

function create(fact: Fact): Way | undefined {
  const definition = definitionOf({ ...fact, facets: { ...onlyDefinition(fact) } });
  if (fact.kind === "index" && standsAlone(fact) && !isPlaced(fact)) {
    return isOnPartitioned(fact)
      ? {
          sql: `${definition.replace(" ON ONLY ", " ON ")};`,
          lock: "SHARE: writes wait while it is built",
        }
      : { sql: `${definition.replace(/ INDEX /, " INDEX CONCURRENTLY ")};`, lock: online };
  }
  if (fact.kind === "constraint" && !is(fact, "inheritance", "inherited"))
    return addConstraint(fact);
  if (fact.kind === "trigger" && said(fact, "inheritance", "copyOf") === undefined) {
    return { sql: `${definition};`, lock: blocksWrites };
  }
  if (["view", "function", "procedure", "enum"].includes(fact.kind))
    return { sql: `${definition};` };
  return madeAnew.has(fact.kind) && !isHidden(fact) ? { sql: `${definition};` } : undefined;
}

/** Options go before WHERE, and a tablespace too: those are not put together from pieces here. */
const isPlaced = (fact: Fact): boolean =>
  said(fact, "physical", "tablespace") !== undefined ||
  (listed(fact, "physical", "options").length > 0 &&
    (said(fact, "structure", "definition") ?? "").includes(" WHERE "));

/** What a definition prints, without the lines that only tell. */
const onlyDefinition = ({ facets }: Fact): Fact["facets"] => ({
  ...(facets.structure === undefined ? {} : { structure: facets.structure }),
  ...(facets.physical?.options === undefined
    ? {}
    : { physical: { options: facets.physical.options } }),
});

function addConstraint(fact: Fact): Way {
  const [name, table] = nameAndTable(fact);
  const type = said(fact, "structure", "type");
  const definition = said(fact, "structure", "definition");
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`;
  if (type !== "foreign key" && type !== "check") {
    return { sql: `${add};`, lock: "ACCESS EXCLUSIVE while its index is built" };
  }
  return {
    sql: `${add} NOT VALID;\nALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
    lock: "brief for the first; reads and writes go on during the second",
  };
}

function alter(before: Fact, after: Fact, attribute: string, value: unknown): Way | undefined {
  const [name, table] = nameAndTable(after);
  switch (`${after.kind} ${attribute}`) {
    case "trigger validity.fires": {
      const word = value === null ? "ENABLE" : firing[String(value)];
      return word === undefined
        ? undefined
        : { sql: `ALTER TABLE ${table} ${word} TRIGGER ${name};`, lock: blocksWrites };
    }
    case "table inheritance.partitionOf":
    case "table inheritance.bound":
      return attach(before, after);
    case "constraint validity.notValidated":
      return value === null
        ? {
            sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
            lock: "SHARE UPDATE EXCLUSIVE: reads and writes go on",
          }
        : undefined;
    case "index validity.invalid":
      return value === null
        ? { sql: `REINDEX INDEX CONCURRENTLY ${after.identity};`, lock: online }
        : undefined;
    case "column structure.notNull": {
      const word = value === true ? "SET" : "DROP";
      return {
        sql: `ALTER TABLE ${table} ALTER COLUMN ${columnOf(after)} ${word} NOT NULL;`,
        lock: exclusive,
      };
    }
    case "column structure.default":
      if (said(after, "structure", "generated") !== undefined) return undefined;
      return {
        sql: `ALTER TABLE ${table} ALTER COLUMN ${columnOf(after)} ${
          value === null ? "DROP DEFAULT" : `SET DEFAULT ${String(value)}`
        };`,
        lock: exclusive,
      };
    default:
      return (
        altered[`${after.kind} ${attribute}`]?.(after, value) ??
        alterWhole(before, after, attribute, value)
      );
  }
}

function alterWhole(before: Fact, after: Fact, attribute: string, value: unknown): Way | undefined {
  if (attribute === "comments.comment") {
    const word = { column: "COLUMN", index: "INDEX", ...owned }[after.kind];
    const text = value === null ? "NULL" : quoteLiteral(String(value)).trim();
    return word === undefined
      ? undefined
      : { sql: `COMMENT ON ${word} ${after.identity} IS ${text};` };
  }
  if (attribute === "ownership.owner" && typeof value === "string") {
    const word = owned[after.kind];
    return word === undefined
      ? undefined
      : { sql: `ALTER ${word} ${after.identity} OWNER TO ${quoteIdentifier(value)};` };
  }
  const isText = after.kind === "view" && attribute === "structure.definition";
  const isRoutine = after.kind === "function" || after.kind === "procedure";
  if ((isText && keepsColumns(before, after)) || (isRoutine && inReplace.has(attribute))) {
    const definition = definitionOf({ ...before, facets: onlyDefinition(before) });
    return { sql: `${definition.replace(/^CREATE VIEW/, "CREATE OR REPLACE VIEW")};` };
  }
  return undefined;
}

/** All that OR REPLACE changes of a routine, and that its definition has. */
const inReplace: ReadonlySet<string> = new Set(
  "language volatility strict securityDefiner leakproof parallel cost rows support settings library body sqlBody"
    .split(" ")
    .map((attribute) => `structure.${attribute}`),
);

/** OR REPLACE leaves a view the columns that it has, and adds others behind them. */
const keepsColumns = (before: Fact, after: Fact): boolean => {
  const wanted = listed(before, "columnOrder", "columns");
  return listed(after, "columnOrder", "columns").every((name, place) => wanted[place] === name);
};

/** A partition that was detached, or attached. */
function attach(before: Fact, after: Fact): Way | undefined {
  const [was, is] = [partitionOf(before), partitionOf(after)];
  if (was !== undefined && is === undefined) {
    return {
      sql: `ALTER TABLE ${was} ATTACH PARTITION ${after.identity} ${said(before, "inheritance", "bound")};`,
      lock: "SHARE UPDATE EXCLUSIVE on its parent, ACCESS EXCLUSIVE on it while its rows are checked",
    };
  }
  if (was !== undefined || is === undefined) return undefined;
  return {
    sql: `ALTER TABLE ${is} DETACH PARTITION ${after.identity};`,
    lock: "ACCESS EXCLUSIVE on both, for a moment",
  };
}

const firing: Readonly<Record<string, string>> = {
  disabled: "DISABLE",
  always: "ENABLE ALWAYS",
  "on replicas only": "ENABLE REPLICA",
};

const parentOf = (fact: Fact): string =>
  fact.partOf?.[0]?.replace(/^(materialized view|foreign table|\w+) /, "") ?? "";

/** `name on schema.table`, apart. */
function nameAndTable(fact: Fact): readonly [string, string] {
  const table = parentOf(fact);
  return [fact.identity.slice(0, -` on ${table}`.length), table];
}

const columnOf = (fact: Fact): string => fact.identity.slice(parentOf(fact).length + 1);

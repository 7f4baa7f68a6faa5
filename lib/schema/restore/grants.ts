import { quoteIdentifier } from "../../core/sql.ts";
import { memberName, wholeOf } from "../describe/said.ts";
import type { Fact } from "../fact.ts";
import { nothing, ownersName } from "../privileges.ts";
import type { Way } from "./rules.ts";

/** What stands after ON in a GRANT, and what PUBLIC has of it by itself. */
const words: Readonly<Record<string, readonly [word: string, ofPublic?: string]>> = {
  table: ["TABLE"],
  "foreign table": ["TABLE"],
  view: ["TABLE"],
  "materialized view": ["TABLE"],
  sequence: ["SEQUENCE"],
  schema: ["SCHEMA"],
  function: ["FUNCTION", "EXECUTE"],
  procedure: ["PROCEDURE", "EXECUTE"],
  domain: ["DOMAIN", "USAGE"],
  enum: ["TYPE", "USAGE"],
  range: ["TYPE", "USAGE"],
  "composite type": ["TYPE", "USAGE"],
  "base type": ["TYPE", "USAGE"],
  language: ["LANGUAGE", "USAGE"],
  server: ["FOREIGN SERVER"],
  "foreign-data wrapper": ["FOREIGN DATA WRAPPER"],
};

/**
 * GRANT and REVOKE that give a grantee what it had. Not for the owner, whose grants are its own
 * affair, nor where somebody else granted, or with the right to grant on.
 */
export function regrant(
  fact: Fact,
  grantee: string,
  before: unknown,
  after: unknown,
): Way | undefined {
  const isOdd = grantee === ownersName || grantee.includes(" by ");
  if (isOdd || /WITH GRANT OPTION/.test(`${before} ${after}`)) return undefined;
  const isColumn = fact.kind === "column";
  const [word, ofPublic] = isColumn ? ["TABLE"] : (words[fact.kind] ?? []);
  if (word === undefined) return undefined;
  const usual = grantee === "PUBLIC" && ofPublic !== undefined ? [ofPublic] : [];
  const [old, now] = [grantsIn(before, usual), grantsIn(after, usual)];
  const on = `ON ${word} ${isColumn ? wholeOf(fact) : fact.identity}`;
  const who = grantee === "PUBLIC" ? grantee : quoteIdentifier(grantee);
  const isWhole = old.includes("ALL") || now.includes("ALL");
  const give = isWhole ? old : old.filter((one) => !now.includes(one));
  const take = isWhole && now.length > 0 ? ["ALL"] : now.filter((one) => !old.includes(one));
  const list = (some: readonly string[]) =>
    some.map((one) => (isColumn ? `${one} (${memberName(fact)})` : one)).join(", ");
  return {
    sql: [
      ...(take.length > 0 ? [`REVOKE ${list(take)} ${on} FROM ${who};`] : []),
      ...(give.length > 0 ? [`GRANT ${list(give)} ${on} TO ${who};`] : []),
    ].join("\n"),
  };
}

const grantsIn = (value: unknown, usual: readonly string[]): readonly string[] =>
  Array.isArray(value) ? value.map(String).filter((one) => one !== nothing) : usual;

import type { Fact } from "../fact.ts";

/**
 * Words that PostgreSQL quotes as names from some major on, and did not before: pg_get_keywords(),
 * those whose catcode is another than U. A test holds the list against the servers.
 */
export const quotedSince: Readonly<Record<string, number>> = {
  json: 17,
  json_array: 16,
  json_arrayagg: 16,
  json_exists: 17,
  json_object: 16,
  json_objectagg: 16,
  json_query: 17,
  json_scalar: 17,
  json_serialize: 17,
  json_table: 17,
  json_value: 17,
  merge_action: 17,
  system_user: 16,
};

/**
 * Of a text that PostgreSQL printed: a literal, a quoted name, a dollar-quoted text, a word, or
 * one other character. A quote within is doubled, never behind a backslash: simple_quote_literal()
 * in src/backend/utils/adt/ruleutils.c.
 */
const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|[\p{L}_][\p{L}\p{M}\w$]*|[\s\S]/gu;

const isNewerThan = (word: string, major: number): boolean =>
  Object.hasOwn(quotedSince, word) && (quotedSince[word] ?? 0) > major;

const any = new RegExp(`\\b(?:${Object.keys(quotedSince).join("|")})\\b`);

/**
 * The SQL that a server of that major printed, for a newer parser: what was no keyword there can
 * only be a name, and is quoted, as a newer server would.
 */
export function quoteNewWords(sql: string, major: number): string {
  if (!any.test(sql)) return sql;
  return sql.replace(tokens, (token) => (isNewerThan(token, major) ? `"${token}"` : token));
}

/**
 * A name such as `public.t.json` as the newest server says it. Within the parentheses of a
 * function's identity a bare word is a type of PostgreSQL's own, which is not quoted; and json is
 * `pg_catalog.json` there up to 16: format_type_extended() in src/backend/utils/adt/format_type.c.
 */
export function quoteName(identity: string): string {
  if (!any.test(identity)) return identity;
  const all = identity.match(tokens) ?? [];
  let depth = 0;
  const said = all.map((token, place) => {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth > 0 && isBuiltInJson(all, place)) return "";
    if (depth > 0 && isBuiltInJson(all, place - 1)) return "";
    const isPart = all[place - 1] === "." || all[place + 1] === ".";
    const isType = depth > 0 && (!isPart || isBuiltInJson(all, place - 2));
    return isNewerThan(token, 0) && !isType ? `"${token}"` : token;
  });
  return said.join("");
}

const isBuiltInJson = (all: readonly string[], place: number): boolean =>
  all[place] === "pg_catalog" && all[place + 1] === "." && all[place + 2] === "json";

/** A key is the words of its kind, which are no names, and an identity. */
const quoteKey = (key: string): string => quoteName(key);

/** Facts under the names that the newest server gives them; those that change are few. */
export function renamed(facts: readonly Fact[]): readonly Fact[] {
  if (!facts.some(({ identity }) => any.test(identity))) return facts;
  return facts.map((fact) => {
    const { identity, partOf, follows } = fact;
    if (![identity, ...(partOf ?? []), ...(follows ?? [])].some((said) => any.test(said))) {
      return fact;
    }
    return {
      ...fact,
      identity: quoteName(identity),
      ...(partOf === undefined ? {} : { partOf: partOf.map(quoteKey) }),
      ...(follows === undefined ? {} : { follows: follows.map(quoteKey) }),
    };
  });
}

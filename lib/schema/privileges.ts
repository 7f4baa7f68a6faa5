import { byText, type Facet } from "./fact.ts";
import { canonicalJson } from "./hash.ts";

const words: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  D: "TRUNCATE",
  x: "REFERENCES",
  t: "TRIGGER",
  m: "MAINTAIN",
  X: "EXECUTE",
  U: "USAGE",
  C: "CREATE",
  c: "CONNECT",
  T: "TEMPORARY",
  s: "SET",
  A: "ALTER SYSTEM",
};

/** The owner is named in the facet ownership: a new owner is one difference, not two. */
export const ownersName = "(owner)";

/** Columns have no default privileges to tell what "all" is. */
const allOfColumn = "arwx";

/** In place of what PostgreSQL gives by itself, where all of that was taken away. */
export const nothing = "NONE";

/**
 * An ACL as attributes: grantee to privileges, in order, of whoever has others than PostgreSQL gives
 * by itself. So a first GRANT is one difference, though the owner's own are written down with it; and
 * what nobody ever said a word about (NULL) is what somebody said just so.
 *
 * @param items as aclitem prints them: `alice=r*w/bob`, `"odd name"=r/bob`, `=X/bob` for PUBLIC
 * @param usual acldefault() of such an object on this server: 17 added MAINTAIN, so that GRANT ALL
 *   is another set of letters there, and still the same words here. Empty for a column.
 * @param how "besides": the items are added to what is usual, as default privileges of a schema are
 */
export function privilegesOf(
  items: readonly string[] | null,
  usual: readonly string[] | null,
  owner: string,
  how: "instead" | "besides" = "instead",
): Facet | undefined {
  if (items === null) return undefined;
  const usualGrants = (usual ?? []).map(parseItem);
  const all = usualGrants.find(({ grantee }) => grantee === owner)?.letters.join("") ?? allOfColumn;
  const granted = grantsIn(items.map(parseItem), owner, all);
  if (how === "besides") return granted;
  const expected = grantsIn(usualGrants, owner, all);
  const names = [...new Set([...Object.keys(granted), ...Object.keys(expected)])].sort(byText);
  const unusual = names.flatMap((name) => {
    const now = granted[name] ?? [nothing];
    return canonicalJson(now) === canonicalJson(expected[name] ?? []) ? [] : [[name, now] as const];
  });
  return unusual.length === 0 ? undefined : Object.fromEntries(unusual);
}

interface Grant {
  readonly grantee: string;
  readonly letters: readonly string[];
  readonly grantor: string;
}

function grantsIn(grants: readonly Grant[], owner: string, all: string): Facet {
  const byName = Map.groupBy(grants, ({ grantee, grantor }) => {
    const name = grantee === owner ? ownersName : grantee === "" ? "PUBLIC" : grantee;
    return grantor === owner ? name : `${name} by ${grantor}`;
  });
  const said = [...byName].map(([name, some]) => {
    const letters = [...new Set(some.flatMap(({ letters }) => letters))];
    const isAll = letters.toSorted().join("") === [...all].toSorted().join("");
    return [name, isAll ? ["ALL"] : letters.map(sayLetter).toSorted()] as const;
  });
  return Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const sayLetter = (letter: string): string => {
  const word = words[letter.charAt(0)] ?? letter.charAt(0);
  return letter.endsWith("*") ? `${word} WITH GRANT OPTION` : word;
};

/** A name is quoted where it is not plain, its quotes doubled: putid() in acl.c. */
const itemPattern = /^("(?:[^"]|"")*"|[^="]*)=([a-zA-Z*]*)\/(.*)$/s;

function parseItem(item: string): Grant {
  const [, grantee = "", letters = "", grantor = ""] = itemPattern.exec(item) ?? [];
  return {
    grantee: unquote(grantee),
    letters: letters.match(/[a-zA-Z]\*?/g) ?? [],
    grantor: unquote(grantor),
  };
}

function unquote(said: string): string {
  const name = said.startsWith('"') ? said.slice(1, -1).replaceAll('""', '"') : said;
  return name === "__proto__" ? '"__proto__"' : name; // no name for a key in JavaScript
}

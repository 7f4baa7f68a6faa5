import type { ResultOf } from "../core/read.ts";
import type { KeptObject } from "./line.ts";
import { firstMade, owned, type owners } from "./owners.ts";
import type { Token } from "./token.ts";

/** Of these, what counts is who is called how: `owners` tells the names. */
export const byName = ["pg_namespace", "pg_roles"];

/**
 * Catalogs that no question to a relation, function or domain reads, and no function of PostgreSQL
 * that prints one: what they say stands for itself, and is read at every look. Whatever is neither
 * here nor with an owner (an operator, a cast, a collation …) has everything read again.
 */
export const apart: readonly string[] = [
  "pg_database",
  "pg_db_role_setting",
  "pg_default_acl",
  "pg_event_trigger",
  "pg_foreign_data_wrapper",
  "pg_init_privs",
  "pg_largeobject_metadata",
  "pg_parameter_acl",
  "pg_publication_namespace",
  "pg_seclabel",
  "pg_shdepend",
  "pg_shdescription",
  "pg_shseclabel",
  "pg_stat_subscription",
  "pg_subscription",
  "pg_user_mappings",
];

const mayMove: ReadonlySet<string> = new Set([
  ...apart,
  ...byName,
  ...owned.map(({ catalog }) => catalog),
]);

/** How all that has a definition stood at one moment, as far as it can be compared with a later one. */
export interface Standing {
  readonly token: Token;
  /** By the OID of a relation, function or type; 0 is PostgreSQL's own. */
  readonly owners: ReadonlyMap<number, string>;
  readonly names: string;
  /** Whatever is made later has a larger OID, or makes `names` another. */
  readonly newest: number;
  /** What extensions brought. */
  readonly members: string;
}

/** Where a reading of a part begins: what was read last, and how all stood then. */
export interface LastReading {
  /** When all of it was read, by the server's clock. */
  readonly since: string;
  readonly standing: Standing;
  /** Of the facts that belong to relations, functions and domains. */
  readonly kinds: readonly string[];
  /** Of the last snapshot, in order, if it is still there. */
  readonly objects: () => Promise<Iterable<KeptObject> | undefined>;
}

type Owners = ResultOf<ReturnType<typeof owners>>;

/** @param rows asked with the `newest` of the standing that this is compared with, if there is one */
export function standingOf(token: Token, rows: Owners): Standing & { readonly namesThen: string } {
  const said = (what: Owners[number]["what"]) => rows.find((row) => row.what === what);
  return {
    token,
    owners: new Map(
      rows.flatMap(({ what, oid, hash }) =>
        what === "owner" && oid !== null ? [[oid, hash ?? ""] as const] : [],
      ),
    ),
    names: said("names now")?.hash ?? "",
    namesThen: said("names then")?.hash ?? "",
    newest: said("names now")?.oid ?? 0,
    members: said("members")?.hash ?? "",
  };
}

/**
 * How all stands where no catalog moved but what stands apart: as it did, without a question. A
 * setting, a default privilege or a grant to somebody new moves no more than that.
 */
export function standsStill(
  then: Standing,
  token: Token,
): (Standing & { readonly namesThen: string }) | undefined {
  const hashes = new Map(then.token.map(({ catalog, hash }) => [catalog, hash]));
  const isStill = ({ catalog, hash }: Token[number]) =>
    hashes.has(catalog) && (hashes.get(catalog) === hash || apart.includes(catalog));
  if (hashes.size !== token.length || !token.every(isStill)) return undefined;
  return { ...then, token, namesThen: then.names };
}

/**
 * Which relations, functions and types changed or came, if what changed can be told so.
 *
 * @returns nothing where everything is to be read again: something was renamed, dropped or taken
 *   by an extension, or a catalog moved on which any definition may depend
 */
export function movedSince(
  then: Standing,
  now: Standing & { readonly namesThen: string },
): readonly number[] | undefined {
  if (now.namesThen !== then.names || now.members !== then.members) return undefined;
  const hashes = new Map(then.token.map(({ catalog, hash }) => [catalog, hash]));
  if (hashes.size !== now.token.length) return undefined;
  for (const { catalog, hash } of now.token) {
    if (hashes.get(catalog) !== hash && !mayMove.has(catalog)) return undefined;
  }
  const moved = [...now.owners].flatMap(([oid, hash]) =>
    then.owners.get(oid) === hash ? [] : [oid],
  );
  return moved.some((oid) => oid < firstMade) ? undefined : moved;
}

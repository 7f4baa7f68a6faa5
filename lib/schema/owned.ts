import { aclOf, commentOf, type Has, usualAclOf } from "./fragments.ts";
import { privilegesOf } from "./privileges.ts";
import { maybe, text, texts } from "./values.ts";

/**
 * What most kinds of object have: grants, an owner and a comment, the last columns of a SELECT.
 *
 * @param prefix of the catalog's columns, behind the name that it has in the query: `t.typ`
 * @param as what acldefault() calls the kind
 */
export function ownedColumns(has: Has, prefix: string, catalog: string, as: string): string {
  const [name] = prefix.split(".");
  const [acl, owner] = [`${prefix}acl`, `${prefix}owner`];
  return `${aclOf(acl)} AS "acl",
           ${usualAclOf(acl, as, owner)} AS "usualAcl",
           pg_catalog.pg_get_userbyid(${owner}) AS "owner",
           ${commentOf(has, `${name}.oid`, catalog)} AS "comment"`;
}

/** The same columns, as a row of the answer has them. */
export const ownedRow = { owner: text, acl: texts, usualAcl: texts, comment: maybe } as const;

interface OwnedRow {
  readonly acl: readonly string[] | null;
  readonly usualAcl: readonly string[] | null;
  readonly owner: string;
  readonly comment: string | null;
}

export const ownedFacets = ({ acl, usualAcl, owner, comment }: OwnedRow) => ({
  privileges: privilegesOf(acl, usualAcl, owner),
  ownership: { owner },
  comments: { comment },
});

/** Of a row `t` of pg_type. */
export const typeColumns = (has: Has): string => ownedColumns(has, "t.typ", "pg_type", "T");

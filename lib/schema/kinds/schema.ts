import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { aclOf, commentOf, isNoMember, isUsersSchema, usualAclOf } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";

/** Schemas, `public` with them: its owner and what PUBLIC may do there are another from 15 on. */
export const schema = wholeExtractor({
  name: "schema",
  sql: () => `
    SELECT n.nspname                                      AS "name",
           pg_catalog.quote_ident(n.nspname)              AS "identity",
           ${aclOf("n.nspacl")}                           AS "acl",
           ${usualAclOf("n.nspacl", "n", "n.nspowner")}   AS "usualAcl",
           pg_catalog.pg_get_userbyid(n.nspowner)         AS "owner",
           ${commentOf("n.oid", "pg_namespace")}          AS "comment"
      FROM pg_catalog.pg_namespace n
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isNoMember("n.oid", "pg_namespace")}`,
  row: z.object({
    name: text,
    identity: text,
    acl: texts,
    usualAcl: texts,
    owner: text,
    comment: maybe,
  }),
  fact: ({ name, identity, acl, usualAcl, owner, comment }) => ({
    kind: "schema",
    identity,
    schema: name,
    name,
    facets: facetsOf({
      privileges: privilegesOf(acl, usualAcl, owner),
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

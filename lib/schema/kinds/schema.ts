import * as z from "zod";
import { text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { isNoMember, isUsersSchema } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";

/** Schemas, `public` with them: its owner and what PUBLIC may do there are another from 15 on. */
export const schema = wholeExtractor({
  name: "schema",
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "name",
           pg_catalog.quote_ident(n.nspname)              AS "identity",
           ${ownedColumns(has, "n.nsp", "pg_namespace", "n")}
      FROM pg_catalog.pg_namespace n
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isNoMember("n.oid", "pg_namespace")}`,
  row: z.object({
    name: text,
    identity: text,
    ...ownedRow,
  }),
  fact: ({ name, identity, acl, usualAcl, owner, comment }) => ({
    kind: "schema",
    identity,
    schema: name,
    name,
    facets: facetsOf({
      ...ownedFacets({ acl, usualAcl, owner, comment }),
    }),
  }),
});

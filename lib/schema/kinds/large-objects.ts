import * as z from "zod";
import { text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { privilegesOf } from "../privileges.ts";

/**
 * Large objects are rows, not schema, so that their number is counted elsewhere. Who may read and
 * write them is told, once an owner and a set of grants, whatever the number.
 */
export const largeObjects = wholeExtractor({
  name: "large objects",
  sql: () => `
    SELECT pg_catalog.pg_get_userbyid(l.lomowner)         AS "owner",
           pg_catalog.json_agg(DISTINCT pg_catalog.makeaclitem(a.grantee, a.grantor,
                                 a.privilege_type, a.is_grantable)::text)
                                                          AS "acl"
      FROM (SELECT DISTINCT x.lomowner, x.lomacl::text[] AS items
              FROM pg_catalog.pg_largeobject_metadata x
             WHERE x.lomacl IS NOT NULL) l,
           pg_catalog.aclexplode(l.items::aclitem[]) a
     WHERE a.grantee <> l.lomowner
     GROUP BY l.lomowner`,
  row: z.object({ owner: text, acl: texts }),
  fact: ({ owner, acl }) => ({
    kind: "large objects",
    identity: `of ${owner}`,
    name: owner,
    facets: facetsOf({ privileges: privilegesOf(acl, null, owner) }),
  }),
});

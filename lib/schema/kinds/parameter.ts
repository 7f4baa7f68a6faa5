import * as z from "zod";
import { text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { isRoleOfDatabase, since } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";

/**
 * GRANT SET and ALTER SYSTEM ON PARAMETER, from 15 on. They are of the whole server: told are those
 * of PUBLIC and of the roles of this database.
 */
export const parameter = wholeExtractor({
  name: "parameter",
  isThere: (has) => has("pg_parameter_acl"),
  sql: (server) =>
    since(
      server,
      15,
      `
    SELECT x.name                                         AS "name",
           pg_catalog.to_json(x.items)                    AS "acl",
           pg_catalog.pg_get_userbyid(10)                 AS "owner"   -- BOOTSTRAP_SUPERUSERID
      FROM (SELECT p.parname AS name,
                   ARRAY(SELECT pg_catalog.makeaclitem(a.grantee, a.grantor, a.privilege_type,
                                                       a.is_grantable)::text
                           FROM pg_catalog.aclexplode(p.paracl) a
                          WHERE a.grantee = 0
                             OR (a.grantee <> 10 AND ${isRoleOfDatabase("a.grantee", server)}))
                     AS items
              FROM pg_catalog.pg_parameter_acl p) x
     WHERE pg_catalog.cardinality(x.items) > 0`,
      `SELECT '' AS "name", NULL AS "acl", '' AS "owner" WHERE false`,
    ),
  row: z.object({ name: text, acl: texts, owner: text }),
  fact: ({ name, acl, owner }) => ({
    kind: "parameter",
    identity: name,
    name,
    facets: facetsOf({ privileges: privilegesOf(acl, null, owner) }),
  }),
});

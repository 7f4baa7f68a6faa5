import { quoteIdentifier, quoteLiteral } from "../../core/sql.ts";
import type { Fact } from "../fact.ts";
import { of, words } from "./said.ts";

/** The role of `of role app in the database`, or none. */
const asSettings = (fact: Fact): string => {
  const isOfDatabase = fact.identity.endsWith("the database");
  const whose =
    fact.identity === "of the database"
      ? "ALTER DATABASE (this one)"
      : words(`ALTER ROLE ${quoteIdentifier(fact.name)}`, isOfDatabase && "IN DATABASE (this one)");
  return Object.entries(fact.facets.structure ?? {})
    .map(([name, value]) => `${whose} SET ${name} = ${String(value)}`)
    .join(";\n");
};

const asDefaultPrivileges = (fact: Fact): string =>
  words(
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(fact.name)}`,
    fact.schema !== undefined && `IN SCHEMA ${quoteIdentifier(fact.schema)}`,
    `ON ${fact.identity.slice(fact.identity.lastIndexOf(" on ") + 4).toUpperCase()}`,
  );

/** Who may what, and what is set for whom: the privileges themselves are told beside it. */
export const describersOfAccess: Readonly<Record<string, (fact: Fact) => string>> = {
  database: (fact) => `database (this one) ENCODING ${of(fact, "encoding")}`,
  settings: asSettings,
  "default privileges": asDefaultPrivileges,
  "security label": (fact) =>
    `SECURITY LABEL FOR ${quoteIdentifier(fact.name)} ON ${fact.identity
      .slice(`${fact.name} on `.length)
      .replace(/^[a-z ]+?(?= [^a-z ]| \S+$)/, (type) =>
        type.toUpperCase(),
      )} IS ${quoteLiteral(String(fact.facets.privileges?.label)).trim()}`,
};

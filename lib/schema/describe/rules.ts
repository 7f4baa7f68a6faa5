import type { Fact } from "../fact.ts";
import { has, listed, of, ownName, wholeOf, words } from "./said.ts";

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const asPolicy = (fact: Fact): string =>
  words(
    `CREATE POLICY ${ownName(fact)} ON ${wholeOf(fact)}`,
    has(fact, "restrictive") && "AS RESTRICTIVE",
    of(fact, "command") && `FOR ${of(fact, "command")?.toUpperCase()}`,
    listed(fact, "structure", "roles").length > 0 &&
      `TO ${listed(fact, "structure", "roles").map(quoted).join(", ")}`,
    of(fact, "using") && `USING (${of(fact, "using")})`,
    of(fact, "withCheck") && `WITH CHECK (${of(fact, "withCheck")})`,
  );

const asPublicationTable = (fact: Fact): string => {
  const columns = listed(fact, "structure", "columns");
  return words(
    `ALTER PUBLICATION ${publicationOf(fact)} ADD TABLE ${wholeOf(fact)}`,
    columns.length > 0 && `(${columns.map(quoted).join(", ")})`,
    of(fact, "filter") && `WHERE ${of(fact, "filter")}`,
  );
};

/** `p` of `public.orders in publication p`. */
export const publicationOf = (fact: Fact): string =>
  fact.identity.slice(`${wholeOf(fact)} in publication `.length);

/** What hangs on tables. */
export const describersOfRules: Readonly<Record<string, (fact: Fact) => string>> = {
  policy: asPolicy,
  rule: (fact) => of(fact, "definition") ?? "",
  statistics: (fact) => of(fact, "definition") ?? "",
  "publication table": asPublicationTable,
};

import { quoteIdentifier, quoteLiteral } from "../../core/sql.ts";
import type { Fact } from "../fact.ts";
import { hidden } from "../secret.ts";
import { has, is, listed, of, said, wholeOf, words } from "./said.ts";

/** `OPTIONS ("host" 'a')`, of what catalogs keep as `host=a`. */
const options = (fact: Fact): string | false => {
  const list = listed(fact, "structure", "options").map((option) => {
    const end = option.indexOf("=");
    return `${quoteIdentifier(option.slice(0, end))} ${quoteLiteral(option.slice(end + 1)).trim()}`;
  });
  return list.length > 0 && `OPTIONS (${list.join(", ")})`;
};

const asForeignTable = (fact: Fact): string =>
  words(`CREATE FOREIGN TABLE ${fact.identity} SERVER ${of(fact, "server")}`, options(fact));

const asWrapper = (fact: Fact): string =>
  words(
    `CREATE FOREIGN DATA WRAPPER ${fact.identity}`,
    of(fact, "handler") && `HANDLER ${nameOf(of(fact, "handler"))}`,
    of(fact, "validator") && `VALIDATOR ${nameOf(of(fact, "validator"))}`,
    options(fact),
  );

/** A function without its arguments. */
export const nameOf = (routine = ""): string => routine.replace(/\([^()]*\)$/, "");

const asServer = (fact: Fact): string =>
  words(
    `CREATE SERVER ${fact.identity}`,
    said(fact, "structure", "type") && `TYPE ${literal(fact, "type")}`,
    said(fact, "structure", "version") && `VERSION ${literal(fact, "version")}`,
    `FOREIGN DATA WRAPPER ${of(fact, "wrapper")}`,
    options(fact),
  );

const literal = (fact: Fact, attribute: string): string =>
  quoteLiteral(of(fact, attribute) ?? "").trim();

const asPublication = (fact: Fact): string => {
  const publishes = listed(fact, "structure", "publishes");
  const settings = [
    publishes.length < 4 && `publish = '${publishes.join(", ")}'`,
    has(fact, "viaRoot") && "publish_via_partition_root = true",
    of(fact, "generatedColumns") && `publish_generated_columns = ${of(fact, "generatedColumns")}`,
  ].filter(Boolean);
  return words(
    `CREATE PUBLICATION ${fact.identity}`,
    has(fact, "allTables") && "FOR ALL TABLES",
    settings.length > 0 && `WITH (${settings.join(", ")})`,
  );
};

const asSubscription = (fact: Fact): string => {
  const on = (attribute: string, setting: string) => has(fact, attribute) && `${setting} = true`;
  const as = (attribute: string, setting: string) =>
    of(fact, attribute) && `${setting} = ${literal(fact, attribute)}`;
  const settings = [
    of(fact, "slot") ? as("slot", "slot_name") : "slot_name = NONE",
    is(fact, "validity", "disabled") && "enabled = false",
    as("synchronousCommit", "synchronous_commit"),
    on("binary", "binary"),
    as("streaming", "streaming"),
    on("twoPhase", "two_phase"),
    on("disableOnError", "disable_on_error"),
    has(fact, "passwordNotRequired") && "password_required = false",
    on("runAsOwner", "run_as_owner"),
    as("origin", "origin"),
    on("failover", "failover"),
  ].filter(Boolean);
  const publications = listed(fact, "structure", "publications").map(quoteIdentifier);
  return `CREATE SUBSCRIPTION ${fact.identity} CONNECTION '${hidden}' PUBLICATION ${publications.join(", ")} WITH (${settings.join(", ")})`;
};

const asEventTrigger = (fact: Fact): string => {
  const tags = listed(fact, "structure", "tags").map((tag) => quoteLiteral(tag).trim());
  return words(
    `CREATE EVENT TRIGGER ${fact.identity} ON ${of(fact, "event")}`,
    tags.length > 0 && `WHEN TAG IN (${tags.join(", ")})`,
    `EXECUTE FUNCTION ${of(fact, "function")}`,
  );
};

/** What reaches beyond the database, and event triggers. */
export const describersOfOutside: Readonly<Record<string, (fact: Fact) => string>> = {
  "foreign table": asForeignTable,
  "foreign-data wrapper": asWrapper,
  server: asServer,
  "user mapping": (fact) =>
    `CREATE USER MAPPING FOR ${fact.name === "public" ? "PUBLIC" : quoteIdentifier(fact.name)} SERVER ${wholeOf(fact)} OPTIONS (…)`,
  publication: asPublication,
  "publication schema": (fact) =>
    `ALTER PUBLICATION ${fact.identity.slice(`${wholeOf(fact)} in publication `.length)} ADD TABLES IN SCHEMA ${wholeOf(fact)}`,
  subscription: asSubscription,
  "event trigger": asEventTrigger,
};

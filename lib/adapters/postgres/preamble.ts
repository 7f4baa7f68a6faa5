import { quoteLiteral } from "../../core/sql.ts";

/**
 * What every transaction pins, and for itself alone (the third argument of set_config is LOCAL),
 * so that a pooler gets its connection back as it lent it. Two purposes: never hurt, and text that
 * reads the same whatever the role, the database or the server have set.
 */
const limits = {
  idle_in_transaction_session_timeout: "10s",
  row_security: "off", // a policy would hide rows in silence; off makes it an error
  max_parallel_workers_per_gather: "0",
  jit: "off",
  synchronize_seqscans: "off",
  constraint_exclusion: "off", // the planner would call what a CHECK calls on constants
} as const;

const text = {
  search_path: "pg_catalog, pg_temp", // pg_temp last: a temporary object never shadows a catalog
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  quote_all_identifiers: "off",
  standard_conforming_strings: "on",
  bytea_output: "hex",
  lc_monetary: "C",
  xmloption: "content",
  client_encoding: "UTF8",
} as const;

/** Every setting that a session may pin; the probe asks which of them this server knows. */
export const pinnedSettings: readonly string[] = [
  "statement_timeout",
  "lock_timeout",
  "application_name",
  ...Object.keys(limits),
  ...Object.keys(text),
];

/** What the probe itself pins: settings that every server and pooler has. */
export const firstPins: ReadonlySet<string> = new Set([
  "application_name",
  "client_encoding",
  "datestyle",
  "lock_timeout",
  "search_path",
  "statement_timeout",
  "timezone",
]);

export interface Pins {
  /** Milliseconds. Never transaction_timeout: it would end the session, not the statement. */
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly applicationName: string;
  /** Lower-case names of the settings that this server knows. */
  readonly known: ReadonlySet<string>;
}

/** One SELECT that pins everything, so that pg_stat_statements sees one entry, not twenty. */
export function preamble({ statementTimeout, lockTimeout, applicationName, known }: Pins): string {
  const settings = {
    ...text,
    ...limits,
    statement_timeout: `${Math.max(1, Math.round(statementTimeout))}ms`,
    lock_timeout: `${Math.max(1, Math.round(lockTimeout))}ms`,
    application_name: applicationName,
  };
  const calls = Object.entries(settings)
    .filter(([name]) => known.has(name.toLowerCase()))
    .map(([name, value]) => `pg_catalog.set_config('${name}', ${quoteLiteral(value)}, true)`);
  return `SELECT ${calls.join(", ")}`;
}

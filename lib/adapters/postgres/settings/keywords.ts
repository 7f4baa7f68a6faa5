/**
 * The connection parameters that pgvigil heeds, by libpq's names
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS),
 * each with the environment variable that says the same.
 */
const keywords = {
  service: "PGSERVICE",
  servicefile: "PGSERVICEFILE",
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  port: "PGPORT",
  dbname: "PGDATABASE",
  user: "PGUSER",
  password: "PGPASSWORD",
  passfile: "PGPASSFILE",
  connect_timeout: "PGCONNECT_TIMEOUT",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslpassword: undefined,
  sslcrl: "PGSSLCRL",
  sslnegotiation: "PGSSLNEGOTIATION",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  channel_binding: "PGCHANNELBINDING",
  target_session_attrs: "PGTARGETSESSIONATTRS",
} as const;

export type Keyword = keyof typeof keywords;

/** What one source (a URL, a service file, the environment) says. Nothing is guessed in here. */
export type Settings = Readonly<Partial<Record<Keyword, string>>>;

export const isKeyword = (name: string): name is Keyword => Object.hasOwn(keywords, name);

/** Parameters that promise something which node-postgres cannot keep. To drop them would hurt. */
export const refused: Readonly<Record<string, string>> = {
  replication: "pgvigil reads through an ordinary connection. Leave it out.",
  require_auth: "The driver cannot promise it. Leave it out, and let pg_hba.conf demand it.",
  requirepeer: "The driver cannot promise it. Leave it out.",
  requiressl: "It is older than PostgreSQL 13. Write sslmode=require.",
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** As libpq does: an empty variable says nothing. */
export function fromEnvironment(env: Environment): Settings {
  return Object.fromEntries(
    Object.entries(keywords).flatMap(([keyword, name]) => {
      const value = name === undefined ? undefined : env[name];
      return value ? [[keyword, value]] : [];
    }),
  );
}

import { quoteIdentifier, quoteLiteral } from "../../../core/sql.ts";
import { connecting, type Rule } from "./rule.ts";

/** Refusals of a login: src/backend/libpq/auth.c, utils/init/miscinit.c, utils/init/postinit.c. */
export const login: readonly Rule[] = [
  {
    codes: ["28P01", "28000"],
    message: /PAM authentication failed/,
    is: "authentication",
    hint: ({ place }) =>
      `On RDS: the IAM token is over 15 minutes old, GRANT rds_iam TO ${quoteIdentifier(place.user)} ` +
      "is missing, or the policy does not allow rds-db:connect for this role.",
  },
  {
    codes: ["28P01"],
    is: "authentication",
    hint: ({ place }) =>
      `The password of ${place.user} is another, or there is no such role. Was it rotated?`,
  },
  {
    codes: ["28000"],
    message: /pg_hba/,
    is: "authentication",
    hint: ({ place }) =>
      `pg_hba.conf needs a line: hostssl ${place.database} ${place.user} <this address>/32 scram-sha-256`,
  },
  {
    codes: ["28000"],
    message: /certificate authentication failed/,
    is: "authentication",
    hint: ({ place }) =>
      `The client certificate is for another name than ${place.user}: its CN, or a pg_ident.conf map.`,
  },
  {
    codes: ["28000"],
    message: /certificate/,
    is: "tls",
    hint: "The server wants a client certificate for this role: sslcert=FILE and sslkey=FILE.",
  },
  {
    codes: ["28000"],
    message: /not permitted to log in/,
    is: "authentication",
    hint: ({ place }) => `ALTER ROLE ${quoteIdentifier(place.user)} LOGIN;`,
  },
  {
    codes: ["28000"],
    is: "authentication",
    hint: ({ place }) =>
      `Is there a role ${place.user}, and may it log in? CREATE ROLE ${quoteIdentifier(place.user)} LOGIN;`,
  },
  {
    codes: ["3D000"],
    is: "authentication",
    hint: ({ place }) =>
      `Is the database's name right (upper and lower case count)? It asked for ${quoteLiteral(place.database)}.`,
  },
  {
    codes: ["42501"],
    when: connecting,
    routine: /^CheckMyDatabase$/,
    is: "privilege",
    hint: ({ place }) =>
      `GRANT CONNECT ON DATABASE ${quoteIdentifier(place.database)} TO ${quoteIdentifier(place.user)};`,
  },
  {
    message: /^SASL: .*(password must be|no password)/i,
    is: "authentication",
    says: ({ place }) => `the server asks for the password of ${place.user}, and none was given`,
    hint: "Give it in passwordEnv, PGPASSWORD, ~/.pgpass or the URL.",
  },
  {
    message: /^SASL: .*(signature|nonce)/,
    is: "authentication",
    says: "the other side does not know this role's password itself",
    hint: "It is not the server it says it is, or a proxy that breaks SCRAM. Who answers there?",
  },
  {
    message: /^SASL: |Unknown authenticationOk message type|authentication method/,
    is: "authentication",
    hint:
      "The server wants a way to log in that is not supported: use scram-sha-256 in " +
      "pg_hba.conf.",
  },
];

/**
 * 53300 is one code for four refusals (src/backend/storage/lmgr/proc.c, utils/init/postinit.c).
 * Full for a role or a database is a limit that someone set; full for the server hurts everybody.
 */
export const full: readonly Rule[] = [
  {
    codes: ["53300"],
    when: ({ routine, message }) =>
      routine === "InitializeSessionUserId" || / for role "/.test(message),
    is: "too-many-connections",
    says: ({ place }) => `too many connections for role ${place.user}: it is at its own limit`,
    hint: ({ place }) =>
      `pgvigil needs one or two at a time. ALTER ROLE ${quoteIdentifier(place.user)} CONNECTION LIMIT 4;`,
  },
  {
    codes: ["53300"],
    when: ({ routine, message }) =>
      routine === "CheckMyDatabase" || / for database "/.test(message),
    is: "too-many-connections",
    says: ({ place }) =>
      `too many connections for database ${place.database}: it is at its own limit`,
    hint: ({ place }) =>
      `SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(place.database)};`,
  },
  {
    codes: ["53300"],
    is: "too-many-connections",
    hint:
      "Superusers still have superuser_reserved_connections. End idle sessions, put a pooler in " +
      "between; raising max_connections needs a restart.",
  },
];

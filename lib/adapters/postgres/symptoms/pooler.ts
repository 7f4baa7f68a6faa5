import { quoteIdentifier } from "../../../core/sql.ts";
import type { Rule } from "./rule.ts";

const byHand = "psql -p 6432 pgbouncer -c 'SHOW POOLS'";

/**
 * What poolers say in PostgreSQL's stead: mostly 08P01, always English. PgBouncer's are in its
 * src/client.c, src/objects.c and src/janitor.c.
 */
export const pooler: readonly Rule[] = [
  {
    message:
      /server login has been failing.*(too many clients|connection slots|too many connections)/,
    is: "too-many-connections",
    says: ({ place }) =>
      `the pooler gets no connection to the server for database ${place.database}: it is full`,
    hint:
      `The pooler's default_pool_size is larger than the server allows, or others fill it ` +
      `up. ${byHand}`,
  },
  {
    message: /server login has been failing.*(authentication failed|no pg_hba|does not exist)/,
    is: "authentication",
    hint:
      "The pooler reaches the server, which refuses the pooler's login: its auth_file or " +
      "auth_query.",
  },
  {
    message:
      /server_login_retry|server login has been failing|cannot connect to server|no working server connection/,
    is: "unreachable",
    hint:
      `The pooler answers, the server behind it does not. Look at that server, and at the ` +
      `pooler's log. ${byHand}`,
  },
  {
    message:
      /no more connections allowed|max_client_conn|Max client connections reached|MaxClientsInSessionMode/i,
    is: "too-many-connections",
    hint: "The pooler itself is full: raise its max_client_conn, or find who opens so many.",
  },
  {
    message: /max_(db|user)_client_connections/,
    is: "too-many-connections",
    says: ({ place, message }) =>
      `the pooler admits no more clients for role ${place.user}: ${message}`,
    hint: "Raise max_db_client_connections or max_user_client_connections of the pooler.",
  },
  {
    message: /query_wait_timeout|Timed-out waiting to acquire database connection/i,
    is: "too-many-connections",
    says: ({ place, message }) =>
      `the pooler had no free server connection for database ${place.database}: ${message}`,
    hint: `Its pool is busy (long transactions, a small pool_size), or it cannot reach the server. ${byHand}`,
  },
  {
    codes: ["08P01", "XX000", "28000"],
    message:
      /no such user|Tenant or user not found|no credentials for the role|(SASL|password|auth\w*) authentication failed|SASL authentication failed/i,
    is: "authentication",
    hint: ({ place }) =>
      `The pooler does not know ${place.user} with this password: its auth_file or auth_query, ` +
      "a proxy's secret, or the user name that the service demands (user.project).",
  },
  // The server's own refusals, handed on by PgBouncer with 08P01 in place of their SQLSTATE.
  {
    codes: ["08P01"],
    message: /too many connections for role /,
    is: "too-many-connections",
    hint: ({ place }) =>
      `The pooler's connections count: ALTER ROLE ${quoteIdentifier(place.user)} CONNECTION LIMIT …`,
  },
  {
    codes: ["08P01"],
    message: /too many connections for database |too many clients already|connection slots/,
    is: "too-many-connections",
    hint: `The server is full: its pool sizes together, and what connects beside it. ${byHand}`,
  },
  {
    codes: ["08P01"],
    message: /(role|database) "[^"]*" does not exist|not permitted to log in|no pg_hba/,
    is: "authentication",
    hint: "The server refuses what the pooler asks for in our name: is the name right there too?",
  },
  {
    codes: ["08P01"],
    message: /no such database/,
    is: "authentication",
    hint: "The pooler's [databases] has no such entry, and no * either.",
  },
  {
    message: /database "?\S+"? is (disabled|paused)|database does not allow connections/,
    is: "unreachable",
    hint: "Somebody disabled it in the pooler: ENABLE or RESUME it in its admin console.",
  },
  {
    message: /unsupported startup parameter/,
    is: "other",
    hint: "Leave options out of the URL, or name it in the pooler's ignore_startup_parameters.",
  },
  {
    message: /not allowed in statement pooling mode/,
    is: "other",
    hint: "Set pool_mode = transaction or session for this database.",
  },
  {
    codes: ["08P01"],
    message: /^query.timeout$/i,
    is: "timeout",
    hint: "The pooler's query_timeout is shorter than the read's own limit.",
  },
  {
    codes: ["08P01"],
    message: /client_login_timeout/,
    is: "unreachable",
    hint: `The pooler waited for a server connection to check the login, and got none. ${byHand}`,
  },
  {
    codes: ["08P01"],
    message:
      /server conn(ection)? crashed|server closed the connection|shutting down|client_idle_timeout|pgbouncer.*shutdown/i,
    is: "going-away",
    hint:
      "The server behind the pooler went away. What was not read yet is not looked at. Run " +
      "again.",
  },
];

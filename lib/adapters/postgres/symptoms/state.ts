import { connecting, type Rule } from "./rule.ts";

/** A server that is not, or not yet, or no longer there for questions. */
export const state: readonly Rule[] = [
  {
    codes: ["57P03"],
    message: /starting up|not yet accepting|recovery mode|consistent recovery/,
    is: "unreachable",
    hint:
      "It replays its log and will be there by itself: after a crash that takes minutes. " +
      "Its log says how far.",
  },
  {
    codes: ["57P03"],
    message: /shutting down/,
    is: "unreachable",
    hint: "Somebody stops or restarts it. If nobody meant to, look at its log now.",
  },
  {
    codes: ["57P03"],
    is: "unreachable",
    hint: "It takes no connections now. On a standby: hot_standby = off. Its log says why.",
  },
  {
    codes: ["55000"],
    when: connecting,
    is: "unreachable",
    hint:
      "The database is marked: SELECT datallowconn, datconnlimit FROM " +
      "pg_catalog.pg_database; -2 is a DROP DATABASE that did not end: drop it again.",
  },
  {
    codes: ["57P01"],
    is: "going-away",
    hint:
      "The server was stopped or restarted, or somebody ended our session " +
      "(pg_terminate_backend). Run again.",
  },
  {
    codes: ["57P02"],
    is: "going-away",
    hint:
      "A server process crashed and took all others with it. The server's log names the " +
      "one, and its query. Every client was cut off.",
  },
  {
    codes: ["57P04"],
    is: "going-away",
    says: "the database was dropped",
    hint: "Is it meant to be gone? Then take the target out of the configuration.",
  },
  {
    codes: ["57P05", "25P03", "25P04"],
    is: "going-away",
    hint:
      "A timeout of the server's ended our session (idle_session_timeout, " +
      "transaction_timeout). Run again.",
  },
  {
    codes: ["08000", "08001", "08003", "08004", "08006"],
    is: "going-away",
    hint: "The connection broke between here and the server, or behind a pooler. Run again.",
  },
];

import type { Remedy } from "../finding.ts";
import { quoteLiteral } from "../sql.ts";
import type { Backend, Prepared } from "./picture.ts";
import { isIdleInTransaction } from "./who.ts";

type Named = Pick<Backend, "pid" | "backendStart" | "xactStart" | "stateChange" | "state">;

/**
 * How to end a session's transaction: cancel first, terminate if that does not help. Both name the
 * session by pid, start and start of its transaction: by the time somebody types it, the pid may be
 * another's, or the same session in its next transaction.
 */
export function endSession(backend: Named): Remedy {
  const where = guard(backend);
  if (where === undefined) {
    return {
      summary: `Ask who runs pid ${backend.pid}. To end it safely one must know when it began, which pg_monitor may see.`,
    };
  }
  const terminate = call("pg_terminate_backend", where);
  if (isIdleInTransaction(backend)) {
    return {
      summary: "Ask its owner to commit or roll back.",
      sql: look(where),
      otherwise: {
        summary: "End the session: uncommitted work is lost; a cancel does nothing.",
        sql: terminate,
      },
    };
  }
  return {
    summary: "Cancel its statement, if its owner agrees: it rolls back.",
    sql: call("pg_cancel_backend", where),
    otherwise: {
      summary: "If it does not react, end the session: uncommitted work is lost.",
      sql: terminate,
    },
  };
}

function guard({ pid, state, backendStart, xactStart, stateChange }: Named): string | undefined {
  if (backendStart === null) return undefined;
  const during =
    xactStart !== null
      ? `xact_start = ${quoteLiteral(xactStart)}::timestamptz`
      : state === failed && stateChange !== null
        ? `state = ${quoteLiteral(failed)} AND state_change = ${quoteLiteral(stateChange)}::timestamptz`
        : undefined;
  if (during === undefined) return undefined;
  return [
    ` WHERE pid = ${pid}`,
    `   AND backend_start = ${quoteLiteral(backendStart)}::timestamptz`,
    `   AND ${during};`,
  ].join("\n");
}

/** Its locks and its start are gone already. */
const failed = "idle in transaction (aborted)";

const call = (name: string, where: string): string =>
  [`SELECT pg_catalog.${name}(pid)`, "  FROM pg_catalog.pg_stat_activity", where].join("\n");

const look = (where: string): string =>
  [
    "SELECT state, state_change, client_addr, query",
    "  FROM pg_catalog.pg_stat_activity",
    where,
  ].join("\n");

/** Only in its own database, by its owner or a superuser, outside any transaction. */
export const endPrepared = (transactions: readonly Prepared[], database: string): Remedy => ({
  summary:
    "Ask the transaction manager whether it was to commit (COMMIT PREPARED). If it knows nothing of it, roll it back.",
  sql: [
    `-- In ${database}, as ${transactions[0]?.owner ?? "its owner"} or a superuser:`.replace(
      /[\r\n]/g,
      " ",
    ),
    ...transactions.slice(0, 5).map(({ gid }) => `ROLLBACK PREPARED ${quoteLiteral(gid).trim()};`),
  ].join("\n"),
  lock: "none; it gives up the locks that it holds",
  undo: "None: what it wrote is gone.",
});

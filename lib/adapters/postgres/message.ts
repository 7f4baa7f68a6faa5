import pg from "pg";
import { DatabaseError } from "../../core/errors.ts";
import type { Row } from "../../core/ports.ts";
import { type Pins, preamble } from "./preamble.ts";

/**
 * A read as one message of the simple protocol. Several statements in one message are one
 * transaction, which ends with the message, however it ends
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT). So
 * there is nothing to roll back after an error, no lock outlives the question, and a pooler that
 * lends a server connection for one transaction, or even one statement, gets it back at once.
 *
 * The level is said because a role's own default may be serializable, which a standby refuses and
 * which leaves predicate locks behind. The comment names the read within what pg_stat_activity
 * shows of a long text. It does not stand before SET: PostgreSQL 13 to 15 would count every such
 * text as a statement of its own in pg_stat_statements.
 */
export const messageOf = (id: string, sql: string, pins: Pins): string =>
  [
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY;",
    `/* pgvigil: ${id.replace(/[^\w.:-]/g, "_")} */`,
    `${preamble(pins)};`,
    `${sql}\n`,
  ].join(" ");

/** SET, pins, question: the third answer is ours. */
export function rowsOf(results: unknown, id: string): readonly Row[] {
  const answer = Array.isArray(results) && results.length === 3 ? results[2] : undefined;
  if (answer instanceof pg.Result && answer.command === "SELECT") return answer.rows;
  throw notOneSelect(id);
}

/** @param commands with what words each statement ended */
export function refuseOthers(commands: readonly string[], id: string): void {
  if (commands.length !== 3 || !commands[2]?.startsWith("SELECT ")) throw notOneSelect(id);
}

const notOneSelect = (id: string) =>
  new DatabaseError("unexpected-answer", `${id}: not the answer of one SELECT`, {
    hint: "Is something between pgvigil and PostgreSQL that rewrites statements?",
  });

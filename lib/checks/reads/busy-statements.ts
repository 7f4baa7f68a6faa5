import * as z from "zod";
import type { Session } from "../../core/ports.ts";
import type { Busy } from "../../core/scene.ts";
import { withoutLiterals } from "../../core/statement-text.ts";
import { rowsAs } from "../../core/typed.ts";
import { extension } from "./statement-counters.ts";
import { fetchedTexts, statementRow, statementsSql } from "./statement-sql.ts";

/** Those that took most time so far: what is busy for minutes is among them. */
const mostCounted = 1000;
const mostTold = 10;
/** Seconds, each statement. */
const timeout = 1;

type Row = z.infer<typeof statementRow>;

const keyOf = ({ queryid, roleOid, isTopLevel }: Row): string =>
  `${queryid}/${roleOid}/${isTopLevel}`;

/**
 * Gives who counts: the first time it says nothing, and then what the busiest statements of this
 * database cost since the time before, with their texts.
 *
 * @throws DatabaseError, when it is asked
 */
export function busyStatements(session: Session): () => Promise<Busy[] | undefined> {
  let before: ReadonlyMap<string, Row> | undefined;
  return async () => {
    const { sql, row, id } = extension;
    const asked = typeof sql === "string" ? sql : sql(session.server);
    const [found] = rowsAs(row, await session.rows({ id, sql: asked, timeout }), id);
    if (found === undefined || !found.isLoaded) return undefined;
    const { schema, version } = found;
    const counted = { id: "busy-statements", sql: statementsSql(schema, version, mostCounted) };
    const rows = rowsAs(statementRow, await session.rows({ ...counted, timeout }), counted.id);
    const then = before;
    before = new Map(rows.map((each) => [keyOf(each), each]));
    if (then === undefined) return undefined;
    const busiest = rows
      .map((each) => since(then.get(keyOf(each)), each))
      .filter(({ ms, calls }) => ms > 0 || calls > 0)
      .sort((a, b) => b.ms - a.ms)
      .slice(0, mostTold);
    const texts = await textsOf(session, schema, busiest);
    return busiest.map((each) => ({ ...each, text: texts.get(each.queryid) ?? null }));
  };
}

function since(then: Row | undefined, { queryid, role, calls, ms }: Row): Omit<Busy, "text"> {
  const from = then !== undefined && then.calls <= calls ? then : { calls: 0, ms: 0 };
  return { queryid: queryid ?? "", role, calls: calls - from.calls, ms: ms - from.ms };
}

const textRow = z.object({ queryid: z.string(), text: z.string() });

async function textsOf(
  session: Session,
  schema: string,
  busiest: readonly Omit<Busy, "text">[],
): Promise<ReadonlyMap<string, string>> {
  if (busiest.length === 0) return new Map();
  const sql = fetchedTexts(
    schema,
    busiest.map(({ queryid }) => queryid),
  );
  // Told by their ids then: the file of texts may be large.
  const rows = await session.rows({ id: "busy-texts", sql, timeout }).catch(() => []);
  return new Map(
    rowsAs(textRow, rows, "busy-texts").map(({ queryid, text }) => [
      queryid,
      withoutLiterals(text).slice(0, 500),
    ]),
  );
}

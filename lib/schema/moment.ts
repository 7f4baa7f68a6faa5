import * as z from "zod";
import type { Session } from "../core/ports.ts";
import { sqlRead } from "../core/read.ts";
import { ask } from "./ask.ts";
import { schemaToken, type Token, visible } from "./token.ts";

/** How the catalogs stood once. */
export interface Moment {
  readonly token: Token;
  /** Which transactions are seen; nothing where that proves nothing. */
  readonly visible: string | null;
}

export async function momentNow(session: Session): Promise<Moment> {
  const rows = await ask(session, schemaToken);
  return {
    token: rows.filter(({ catalog }) => catalog !== visible.name),
    visible: rows.find(({ catalog }) => catalog === visible.name)?.hash ?? null,
  };
}

const nowVisible = sqlRead({
  id: "schema-visible",
  sql: (server) => `
  SELECT ${visible.sql(server)}                           AS "visible"
   ORDER BY 1`,
  row: z.object({ visible: z.string().nullable() }),
});

/**
 * How they stand now. Where the very same transactions are seen as then, nobody committed anything
 * in between, not even to a user's table, and no catalog can have changed: that costs nothing to
 * ask. Else the catalogs themselves are looked at.
 */
export async function momentAfter(session: Session, before: Moment): Promise<Moment> {
  if (before.visible === null) return momentNow(session);
  const [now] = await ask(session, nowVisible);
  return now?.visible === before.visible ? before : momentNow(session);
}

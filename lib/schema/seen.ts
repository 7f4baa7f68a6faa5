import * as z from "zod";
import type { Server } from "../core/server.ts";
import { canonicalVersion } from "./fact.ts";
import { sha256 } from "./hash.ts";
import { ofDatabase, ofUnits } from "./kinds.ts";
import { catalogStatement, wholeStatement } from "./statement.ts";
import type { Token } from "./token.ts";

/** How the catalogs stood when a schema was read: as long as they stand so, it is this schema. */
export const seenSchema = z.object({
  token: z.string(),
  /** When the schema was read last, by the server's clock. */
  at: z.string(),
  /** When all of it was; a part may have been read later. */
  since: z.string(),
  unmodelled: z.record(z.string(), z.int()),
});
export type Seen = z.infer<typeof seenSchema>;

/** What the memory has to say of a snapshot, for it to be taken up again. */
const memorySchema = z.looseObject({
  checksum: z.string(),
  canonical: z.literal(canonicalVersion),
  seen: seenSchema,
});

/** Seven days: what a token cannot see, if there is such a thing, is not unseen for ever. */
const longest = 7 * 86_400_000;

/** What was remembered of the last snapshot, if it may still be trusted. */
export function lastSeen(memory: unknown, now: string) {
  const { data } = memorySchema.safeParse(memory);
  if (data === undefined) return undefined;
  return isRecent(data.seen.since, now) ? data : undefined;
}

/** May a reading of then be trusted? */
export function isRecent(at: string, now: string): boolean {
  const age = Date.parse(now) - Date.parse(at);
  return age >= 0 && age <= longest;
}

/**
 * Whom the catalogs are asked of, by whom and for what, as one text: another server, a restored or
 * restarted one, another role, another release that asks for more, each makes another text of it.
 *
 * @returns nothing where the server cannot be told from another one
 */
export function boundTo(server: Server): string | undefined {
  const { systemIdentifier, timeline, databaseOid, startedAt, versionNum, role } = server;
  if (systemIdentifier === null || timeline === null) return undefined;
  const asked = [catalogStatement(ofUnits.flat(), server, []), wholeStatement(ofDatabase, server)];
  return sha256(
    JSON.stringify([
      canonicalVersion,
      [systemIdentifier, timeline, databaseOid, startedAt, versionNum, role],
      asked.map(sha256),
    ]),
  );
}

/** The token as one text, with what it is bound to; nothing where that is nothing. */
export function seenAs(token: Token, server: Server): string | undefined {
  const bound = boundTo(server);
  return bound === undefined ? undefined : sha256(JSON.stringify([bound, token]));
}

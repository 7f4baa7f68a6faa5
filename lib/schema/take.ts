import type { Session } from "../core/ports.ts";
import type { SqlRead } from "../core/read.ts";
import type { Server } from "../core/server.ts";
import { rowsAs } from "../core/typed.ts";
import type { Draft, Extractor, Unit } from "./extractor.ts";
import { byPlace, type Fact } from "./fact.ts";
import { ofDatabase, ofUnits } from "./kinds.ts";
import { print, textKey } from "./slices.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";
import { catalogStatement, rowOf, wholeStatement } from "./statement.ts";
import { sameToken, schemaToken } from "./token.ts";
import { units } from "./units.ts";
import { unmodelled } from "./unmodelled.ts";

/** The schema did not hold still for as long as it takes to read it. */
export class SchemaChanging extends Error {
  override readonly name = "SchemaChanging";
  constructor() {
    super(`the schema is changing: it was read ${tries} times, and was another one each time`);
  }
}

const tries = 3;

export interface TakeContext {
  readonly session: Session;
  readonly server: Server;
}

/**
 * Reads the schema. What pg_get_*() print is the newest catalog, not a snapshot of it, and no
 * transaction is held over the statements; so a token taken before and after decides whether they
 * saw one schema. A reading that moved counts if the next one is equal to it: a job that truncates
 * a table all day changes its catalog row, but no fact.
 *
 * @throws SchemaChanging, DatabaseError
 */
export async function takeSnapshot({ session, server }: TakeContext): Promise<Snapshot> {
  let before = await ask(session, schemaToken);
  let last: Snapshot | undefined;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const snapshot = await readOnce(session, server);
    const after = await ask(session, schemaToken);
    if (sameToken(before, after)) return snapshot;
    if (last?.complete && last.tree.checksum === snapshot.tree.checksum) return snapshot;
    before = after;
    last = snapshot;
  }
  throw new SchemaChanging();
}

async function readOnce(session: Session, server: Server): Promise<Snapshot> {
  const all = new Map((await ask(session, units)).map((unit) => [unit.oid, unit]));
  const drafts: Draft[] = [];
  for (const group of ofUnits) drafts.push(...(await readGroup(session, server, group, all)));
  const orders = drafts.flatMap(({ unit, prints }) => prints.map((print) => ({ ...print, unit })));
  const { texts, unread } = await print(session, orders);
  const printed = (as: string, oid: number) => texts.get(textKey(as, oid)) ?? "";
  const facts = drafts.flatMap((draft) => (unread.has(draft.unit) ? [] : [draft.finish(printed)]));
  facts.push(...(await readWhole(session, server)));
  const { version, versionNum, systemIdentifier, database } = server;
  const rest = await ask(session, unmodelled);
  return snapshotOf(facts.sort(byPlace), {
    unread: [...unread].map(([{ kind, identity }, cause]) => ({ kind, identity, cause })),
    unmodelled: Object.fromEntries(rest.map(({ kind, count }) => [kind, count])),
    server: { version, versionNum, systemIdentifier, database },
    takenAt: server.now,
  });
}

async function readGroup(
  session: Session,
  server: Server,
  group: readonly Extractor[],
  all: ReadonlyMap<number, Unit>,
): Promise<readonly Draft[]> {
  const byName = new Map(group.map((extractor) => [extractor.name, extractor]));
  const id = `schema-${group.map(({ name }) => name).join("-")}`;
  const rows = await session.rows({ id, sql: catalogStatement(group, server) });
  return rows.flatMap((row) => {
    const unit = all.get(Number(row.unit));
    const extractor = byName.get(String(row.question));
    // A unit that was made since the list was read moves the token.
    if (unit === undefined || extractor === undefined) return [];
    return [extractor.draft(rowOf(extractor.columns, row), unit)];
  });
}

async function readWhole(session: Session, server: Server): Promise<readonly Fact[]> {
  const byName = new Map(ofDatabase.map((extractor) => [extractor.name, extractor]));
  const sql = wholeStatement(ofDatabase, server);
  const rows = await session.rows({ id: "schema-database", sql });
  return rows.flatMap((row) => {
    const extractor = byName.get(String(row.question));
    return extractor === undefined ? [] : [extractor.fact(rowOf(extractor.columns, row))];
  });
}

async function ask<Row>(session: Session, { id, sql, row }: SqlRead<Row>): Promise<readonly Row[]> {
  const text = typeof sql === "string" ? sql : sql(session.server);
  return rowsAs(row, await session.rows({ id, sql: text }), id);
}

import type { Row, Session } from "../core/ports.ts";
import type { SqlRead } from "../core/read.ts";
import type { Server } from "../core/server.ts";
import { rowsAs } from "../core/typed.ts";
import type { Draft, Extractor, Unit } from "./extractor.ts";
import { byPlace, type Fact } from "./fact.ts";
import { ofDatabase, ofUnits } from "./kinds.ts";
import { type PrintedTexts, print, textKey } from "./slices.ts";
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
    const { snapshot, after } = await readOnce(session, server);
    if (sameToken(before, after)) return snapshot;
    if (last?.tree.checksum === snapshot.tree.checksum) return snapshot;
    before = after;
    last = snapshot;
  }
  throw new SchemaChanging();
}

async function readOnce(session: Session, server: Server) {
  const read = await readCatalogs(session, server);
  const orders = read.drafts.flatMap(({ unit, prints }) =>
    prints.map((print) => ({ ...print, unit })),
  );
  const { texts, unread } = await print(session, orders);
  // All is read: the server takes the token while we put the snapshot together.
  const after = ask(session, schemaToken);
  after.catch(() => undefined);
  const snapshot = assemble(read, texts, unread, server);
  return { snapshot, after: await after };
}

function assemble(
  { drafts, facts, unmodelled }: Catalogs,
  texts: PrintedTexts["texts"],
  unread: PrintedTexts["unread"],
  server: Server,
): Snapshot {
  const printed = (as: string, oid: number) => texts.get(textKey(as, oid)) ?? "";
  for (const draft of drafts) if (!unread.has(draft.unit)) facts.push(draft.finish(printed));
  const { version, versionNum, systemIdentifier, database } = server;
  return snapshotOf(facts.sort(byPlace), {
    unread: [...unread].map(([{ kind, identity }, cause]) => ({ kind, identity, cause })),
    unmodelled,
    server: { version, versionNum, systemIdentifier, database },
    takenAt: server.now,
  });
}

interface Catalogs {
  readonly drafts: Draft[];
  readonly facts: Fact[];
  readonly unmodelled: Record<string, number>;
}

async function readCatalogs(session: Session, server: Server): Promise<Catalogs> {
  const all = new Map<number, Unit>();
  const read: Catalogs = { drafts: [], facts: [], unmodelled: {} };
  await inStep([
    async () => {
      const list = await ask(session, units);
      return () => {
        for (const unit of list) all.set(unit.oid, unit);
      };
    },
    ...ofUnits.map((group) => async () => {
      const id = `schema-${group.map(({ name }) => name).join("-")}`;
      const rows = await session.rows({ id, sql: catalogStatement(group, server) });
      return () => draftAll(rows, group, all, read.drafts);
    }),
    async () => {
      const rows = await session.rows({
        id: "schema-database",
        sql: wholeStatement(ofDatabase, server),
      });
      return () => read.facts.push(...wholeFacts(rows));
    },
    async () => {
      const rest = await ask(session, unmodelled);
      return () => {
        for (const { kind, count } of rest) read.unmodelled[kind] = count;
      };
    },
  ]);
  return read;
}

/** Asks the next question before the last answer is worked on: the server need not wait for us. */
async function inStep(questions: readonly (() => Promise<() => unknown>)[]): Promise<void> {
  let work: (() => unknown) | undefined;
  for (const question of questions) {
    const answer = question();
    answer.catch(() => undefined);
    work?.();
    work = await answer;
  }
  work?.();
}

function draftAll(
  rows: readonly Row[],
  group: readonly Extractor[],
  all: ReadonlyMap<number, Unit>,
  drafts: Draft[],
): void {
  const byName = new Map(group.map((extractor) => [extractor.name, extractor]));
  for (const row of rows) {
    const unit = all.get(Number(row.unit));
    const extractor = byName.get(String(row.question));
    // A unit that was made since the list was read moves the token.
    if (unit === undefined || extractor === undefined) continue;
    drafts.push(extractor.draft(rowOf(extractor.columns, row), unit));
  }
}

function wholeFacts(rows: readonly Row[]): readonly Fact[] {
  const byName = new Map(ofDatabase.map((extractor) => [extractor.name, extractor]));
  return rows.flatMap((row) => {
    const extractor = byName.get(String(row.question));
    return extractor === undefined ? [] : [extractor.fact(rowOf(extractor.columns, row))];
  });
}

async function ask<T>(session: Session, { id, sql, row }: SqlRead<T>): Promise<readonly T[]> {
  const text = typeof sql === "string" ? sql : sql(session.server);
  return rowsAs(row, await session.rows({ id, sql: text }), id);
}

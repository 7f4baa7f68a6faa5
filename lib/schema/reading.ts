import type { Session, TextRow } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { ask, collect, meanwhile } from "./ask.ts";
import type { Draft, Unit } from "./extractor.ts";
import { byPlace, type Fact } from "./fact.ts";
import { ofDatabase, ofUnits } from "./kinds.ts";
import { Portions } from "./portions.ts";
import { type PrintedTexts, print } from "./slices.ts";
import { GrowingSnapshot, type Snapshot, type Unread } from "./snapshot.ts";
import { catalogStatement, place, wholeStatement } from "./statement.ts";
import { schemaToken, type Token } from "./token.ts";
import { units } from "./units.ts";
import { unmodelled } from "./unmodelled.ts";

const extractors = ofUnits.flat();
const byQuestion = new Map(extractors.map((extractor) => [extractor.name, extractor]));
const wholesByQuestion = new Map(ofDatabase.map((extractor) => [extractor.name, extractor]));

/**
 * Reads all that a snapshot holds, once: a portion of the relations and functions at a time, in the
 * order of their facts, so that neither the rows nor the facts are ever all there.
 *
 * @returns the token as it was when all had been read
 */
export async function readSchema(
  session: Session,
  server: Server,
): Promise<{ snapshot: Snapshot; after: Token }> {
  const list = await ask(session, units);
  const whole = await collect<Fact>(
    session,
    { id: "schema-database", sql: wholeStatement(ofDatabase, server) },
    takeWhole,
  );
  const growing = new Growing(whole);
  const portions = new Portions(list);
  let finish = () => {};
  for (let some = portions.next(); some !== undefined; some = portions.next()) {
    const [drafts] = await meanwhile(draftsOf(session, server, some), finish);
    portions.learn(some.length, drafts.length);
    const orders = drafts.flatMap(({ unit, prints }) => prints.map((one) => ({ ...one, unit })));
    const texts = await print(session, orders);
    finish = () => growing.add(drafts, texts);
  }
  const [rest] = await meanwhile(ask(session, unmodelled), finish);
  const { version, versionNum, systemIdentifier, database } = server;
  // All is read: the server takes the token while we put the last of it together.
  const [after, snapshot] = await meanwhile(ask(session, schemaToken), () =>
    growing.end({
      unmodelled: Object.fromEntries(rest.map(({ kind, count }) => [kind, count])),
      server: { version, versionNum, systemIdentifier, database },
      takenAt: server.now,
    }),
  );
  return { snapshot, after };
}

function draftsOf(
  session: Session,
  server: Server,
  some: readonly Unit[],
): Promise<readonly Draft[]> {
  const byOid = new Map(some.map((unit) => [unit.oid, unit]));
  const sql = catalogStatement(extractors, server, some);
  return collect<Draft>(session, { id: "schema-objects", sql }, (row, drafts) => {
    const extractor = byQuestion.get(row[place.question] ?? "");
    const unit = byOid.get(Number(row[place.unit]));
    // Of an OID that two catalogs gave, one may be no owner of such things.
    if (extractor === undefined || unit === undefined) return;
    drafts.push(extractor.draft(row, place.values, unit));
  });
}

function takeWhole(row: TextRow, facts: Fact[]): void {
  const extractor = wholesByQuestion.get(row[place.question] ?? "");
  if (extractor !== undefined) facts.push(extractor.fact(row, place.wholeValues));
}

/** Facts of portions, in order, with what stands for itself put in between. */
class Growing {
  readonly #snapshot = new GrowingSnapshot();
  readonly #whole: readonly Fact[];
  #next = 0;
  readonly #unread: Unread[] = [];

  constructor(whole: readonly Fact[]) {
    this.#whole = whole.toSorted(byPlace);
  }

  add(drafts: readonly Draft[], texts: PrintedTexts): void {
    const printed = (as: Parameters<PrintedTexts["get"]>[0], oid: number) =>
      texts.get(as, oid) ?? "";
    const facts: Fact[] = [];
    for (const draft of drafts)
      if (!texts.unread.has(draft.unit)) facts.push(draft.finish(printed));
    for (const fact of facts.sort(byPlace)) {
      this.#addWhole(fact);
      this.#snapshot.add(fact);
    }
    for (const [{ kind, identity }, cause] of texts.unread) {
      this.#unread.push({ kind, identity, cause });
    }
  }

  end(about: Omit<Parameters<GrowingSnapshot["end"]>[0], "unread">): Snapshot {
    this.#addWhole();
    return this.#snapshot.end({ ...about, unread: this.#unread });
  }

  /** Those that stand before it; all that are left, where nothing comes any more. */
  #addWhole(before?: Fact): void {
    for (;;) {
      const fact = this.#whole[this.#next];
      if (fact === undefined || (before !== undefined && byPlace(fact, before) > 0)) return;
      this.#snapshot.add(fact);
      this.#next += 1;
    }
  }
}

import type { Session, TextRow } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { ask, each, meanwhile } from "./ask.ts";
import type { Unit } from "./extractor.ts";
import { byPlace, type Fact } from "./fact.ts";
import { ofDatabase, ofUnits } from "./kinds.ts";
import { Portions } from "./portions.ts";
import type { Order } from "./print.ts";
import { withoutPasswords } from "./secret.ts";
import { type PrintedTexts, print } from "./slices.ts";
import { GrowingSnapshot, type Snapshot, type Unread } from "./snapshot.ts";
import { catalogStatement, place, wholeStatement } from "./statement.ts";
import { schemaToken, type Token } from "./token.ts";
import { units } from "./units.ts";
import { unmodelled } from "./unmodelled.ts";

const extractors = ofUnits.flat();
const byQuestion = new Map(extractors.map((extractor) => [extractor.name, extractor]));
const wholesByQuestion = new Map(ofDatabase.map((extractor) => [extractor.name, extractor]));

/** What need not be read: the facts of all but these owners. */
export interface Reused {
  readonly owners: ReadonlySet<number>;
  /** Those of units, which are kept; the others are read anyway. */
  readonly kinds: ReadonlySet<string>;
  readonly facts: readonly Fact[];
}

/**
 * Reads all that a snapshot holds, once: a portion of the relations and functions at a time, in the
 * order of their facts, so that neither the rows nor the facts are ever all there.
 *
 * @returns the token as it was when all had been read
 */
export async function readSchema(
  session: Session,
  server: Server,
  reused?: Reused,
): Promise<{ snapshot: Snapshot; after: Token; kinds: ReadonlySet<string> | undefined }> {
  const all = await ask(session, units);
  const { list, kept } = reused === undefined ? { list: all, kept: [] } : leaveOut(reused, all);
  const whole = await readWhole(session, server);
  const growing = new Growing(whole, kept);
  const portions = new Portions(list);
  let finish = () => {};
  for (let some = portions.next(); some !== undefined; some = portions.next()) {
    const [portion] = await meanwhile(readPortion(session, server, some), finish);
    portions.learn(some.length, portion.size);
    const texts = await print(session, portion.orders);
    finish = () => growing.add(portion, texts);
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
  const kinds = growing.kindsOfUnits();
  if (reused === undefined) return { snapshot, after, kinds };
  const readAgain = { value: { units: list.length, of: all.length } };
  return { snapshot: Object.defineProperties(snapshot, { readAgain }), after, kinds };
}

const placeOf = (schema: string | undefined, name: string): string =>
  JSON.stringify([schema ?? "", name]);

/** All that stands under one name is read, or none of it. */
function leaveOut({ owners, kinds, facts }: Reused, all: readonly Unit[]) {
  const places = new Set(
    all.filter(({ oid }) => owners.has(oid)).map(({ schema, name }) => placeOf(schema, name)),
  );
  return {
    list: all.filter(({ schema, name }) => places.has(placeOf(schema, name))),
    kept: facts.filter(
      ({ kind, schema, table, name }) =>
        kinds.has(kind) && !places.has(placeOf(schema, table ?? name)),
    ),
  };
}

/** What the catalogs say of some units. */
class Portion {
  readonly orders: Order[] = [];
  size = 0;
  readonly #rows: Map<Unit, string[]>;
  readonly #byOid: ReadonlyMap<number, Unit>;

  constructor(some: readonly Unit[]) {
    this.#rows = new Map(some.map((unit) => [unit, []]));
    this.#byOid = new Map(some.map((unit) => [unit.oid, unit]));
  }

  /** A row waits for its definitions as one text: as twenty it would fill the memory. */
  take(row: TextRow): void {
    const extractor = byQuestion.get(row[place.question] ?? "");
    const unit = this.#byOid.get(Number(row[place.unit]));
    // Of an OID that two catalogs gave, one may be no owner of such things.
    if (extractor === undefined || unit === undefined) return;
    for (const print of extractor.prints(row, place.values, unit)) {
      this.orders.push({ ...print, unit });
    }
    this.#rows.get(unit)?.push(JSON.stringify(row));
    this.size += 1;
  }

  /** The facts of those that stand under one name, in order. */
  *facts(texts: PrintedTexts): Generator<readonly Fact[]> {
    const printed = (as: Order["as"], oid: number) => withoutPasswords(texts.get(as, oid) ?? "");
    let facts: Fact[] = [];
    let last: Unit | undefined;
    for (const [unit, rows] of this.#rows) {
      if (last?.schema !== unit.schema || last.name !== unit.name) {
        yield facts.sort(byPlace);
        facts = [];
      }
      last = unit;
      if (texts.unread.has(unit)) continue;
      for (const text of rows) {
        const row: TextRow = JSON.parse(text);
        const extractor = byQuestion.get(row[place.question] ?? "");
        if (extractor) facts.push(extractor.fact(row, place.values, unit, printed));
      }
    }
    yield facts.sort(byPlace);
  }
}

async function readPortion(
  session: Session,
  server: Server,
  some: readonly Unit[],
): Promise<Portion> {
  const sql = catalogStatement(extractors, server, some);
  let portion = new Portion(some);
  await each(session, { id: "schema-objects", sql }, () => {
    portion = new Portion(some);
    return (row) => portion.take(row);
  });
  return portion;
}

async function readWhole(session: Session, server: Server): Promise<readonly Fact[]> {
  let facts: Fact[] = [];
  const sql = wholeStatement(ofDatabase, server);
  await each(session, { id: "schema-database", sql }, () => {
    facts = [];
    return (row) => {
      const extractor = wholesByQuestion.get(row[place.question] ?? "");
      if (extractor) facts.push(extractor.fact(row, place.wholeValues));
    };
  });
  return facts;
}

/** Facts of portions, in order, with what stands for itself put in between. */
class Growing {
  readonly #snapshot = new GrowingSnapshot();
  readonly #whole: readonly Fact[];
  #next = 0;
  readonly #unread: Unread[] = [];

  readonly #kinds: Set<string>;
  readonly #kindsOfWhole: ReadonlySet<string>;

  /** @param kept of units that are not read now */
  constructor(whole: readonly Fact[], kept: readonly Fact[]) {
    this.#whole = [...kept, ...whole].sort(byPlace);
    this.#kinds = new Set(kept.map(({ kind }) => kind));
    this.#kindsOfWhole = new Set(whole.map(({ kind }) => kind));
  }

  /** Nothing, where one kind is of both: it could not be told which facts to keep. */
  kindsOfUnits(): ReadonlySet<string> | undefined {
    return [...this.#kinds].some((kind) => this.#kindsOfWhole.has(kind)) ? undefined : this.#kinds;
  }

  add(portion: Portion, texts: PrintedTexts): void {
    for (const facts of portion.facts(texts)) {
      for (const fact of facts) {
        this.#addWhole(fact);
        this.#snapshot.add(fact);
        this.#kinds.add(fact.kind);
      }
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

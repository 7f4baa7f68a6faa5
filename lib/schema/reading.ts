import { setImmediate as nextTurn } from "node:timers/promises";
import type { Session } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { readBeginning } from "./beginning.ts";
import { byPlace, type Fact } from "./fact.ts";
import type { KeptObject } from "./line.ts";
import { type Moment, momentAfter } from "./moment.ts";
import { type Portion, readPortion, Storage } from "./portion.ts";
import { type PrintedTexts, print } from "./slices.ts";
import { GrowingSnapshot, type Snapshot, type Unread } from "./snapshot.ts";
import { thereBy } from "./token.ts";

/** What need not be read: the facts of all but these owners. */
export interface Reused {
  readonly owners: ReadonlySet<number>;
  /** Those of units, which are kept; the others are read anyway. */
  readonly kinds: ReadonlySet<string>;
  /** Of the last snapshot, in order. */
  readonly objects: Iterable<KeptObject>;
}

interface Reading {
  readonly reused?: Reused | undefined;
  /** Its checksums are all that is wanted: to keep the objects is a tenth of work and memory. */
  readonly isSeal?: boolean | undefined;
}

/**
 * Reads all that a snapshot holds, once: a portion of the relations and functions at a time, in the
 * order of their facts, so that neither the rows nor the facts are ever all there.
 *
 * @param before says what is there to ask for
 * @returns how the catalogs stood when all had been read
 */
export async function readSchema(
  session: Session,
  server: Server,
  before: Moment,
  { reused, isSeal = false }: Reading,
): Promise<{ snapshot: Snapshot; after: Moment; kinds: ReadonlySet<string> | undefined }> {
  const has = thereBy(before.token);
  const asking = { server, has, atOnce: Number.POSITIVE_INFINITY };
  const { portions, whole, unmodelled } = await readBeginning(session, server, has);
  const of = portions.left;
  const kept = reused === undefined ? [] : leaveOut(reused, portions.keep(reused.owners));
  const readAgain = { value: { units: portions.left, of } };
  const growing = new Growing(whole, kept, isSeal);
  const spare = [new Storage(), new Storage()];
  let work = Promise.resolve();
  for (let some = portions.next(); some !== undefined; some = portions.next()) {
    const storage = spare.shift() ?? new Storage();
    const portion = await readPortion(session, asking, some, storage.rows);
    const texts = await print(session, portion.orders, storage.texts);
    for (const unit of portion.unread) texts.unread.set(unit, "timeout");
    await work;
    work = growing.add(portion, texts).finally(() => spare.push(storage.cleared()));
    work.catch(() => undefined); // it is awaited later, if nothing else fails before
  }
  // All is read: the server takes the token while we put the last of it together.
  const after = await momentAfter(session, before);
  await work;
  const { version, versionNum, systemIdentifier, database } = server;
  const snapshot = growing.end({
    unmodelled,
    server: { version, versionNum, systemIdentifier, database },
    takenAt: server.now,
  });
  const kinds = growing.kindsOfUnits();
  if (reused === undefined) return { snapshot, after, kinds };
  return { snapshot: Object.defineProperties(snapshot, { readAgain }), after, kinds };
}

/** All that stands under one name is read, or none of it. */
function* leaveOut(
  { kinds, objects }: Reused,
  isRead: (schema: string, name: string) => boolean,
): Generator<KeptObject, undefined> {
  for (const object of objects) {
    const { kind, schema = "", table, name } = object.about;
    if (kinds.has(kind) && !isRead(schema, table ?? name)) yield object;
  }
}

/** Made in one go: some milliseconds. */
const factsATurn = 200;

/** Facts of portions, in order, with what stands for itself put in between. */
class Growing {
  readonly #snapshot: GrowingSnapshot;
  readonly #whole: readonly Fact[];
  #next = 0;
  readonly #unread: Unread[] = [];

  readonly #kept: Iterator<KeptObject>;
  #nextKept: KeptObject | undefined;
  readonly #kinds = new Set<string>();
  readonly #kindsOfWhole: ReadonlySet<string>;

  /** @param kept of units that are not read now, in order */
  constructor(whole: readonly Fact[], kept: Iterable<KeptObject>, isSeal: boolean) {
    this.#snapshot = new GrowingSnapshot(!isSeal);
    this.#whole = whole.toSorted(byPlace);
    this.#kindsOfWhole = new Set(whole.map(({ kind }) => kind));
    this.#kept = kept[Symbol.iterator]();
    this.#nextKept = this.#kept.next().value;
  }

  /** Nothing, where one kind is of both: it could not be told which facts to keep. */
  kindsOfUnits(): ReadonlySet<string> | undefined {
    return [...this.#kinds].some((kind) => this.#kindsOfWhole.has(kind)) ? undefined : this.#kinds;
  }

  /** Meanwhile the next answer comes in: the server need not wait for us. */
  async add(portion: Portion, texts: PrintedTexts): Promise<void> {
    let sinceTurn = 0;
    for (const facts of portion.facts(texts)) {
      sinceTurn += facts.length;
      if (sinceTurn > factsATurn) {
        sinceTurn = 0;
        await nextTurn();
      }
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
      const whole = this.#whole[this.#next];
      const kept = this.#nextKept;
      const isKept = kept && (whole === undefined || byPlace(kept.about, whole) < 0);
      const first = isKept ? kept.about : whole;
      if (first === undefined || (before !== undefined && byPlace(first, before) > 0)) return;
      if (isKept) {
        this.#snapshot.keep(kept);
        this.#kinds.add(kept.about.kind);
        this.#nextKept = this.#kept.next().value;
      } else if (whole) {
        this.#snapshot.add(whole);
        this.#next += 1;
      }
    }
  }
}

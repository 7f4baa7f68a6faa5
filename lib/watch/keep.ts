import { randomUUID } from "node:crypto";
import { changeDocument, readDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { stampOf } from "../core/stamp.ts";
import { type Target, targetKey } from "../core/target.ts";
import { type Watch, type WatchOutcome, watchSchema } from "../core/watch.ts";
import { keepBaseline } from "./baseline.ts";
import { recorded } from "./look.ts";
import {
  begun,
  type Entry,
  openKey,
  openSchema,
  readOpen,
  type Watched,
  type Wish,
  watchedOf,
  watchOf,
  without,
} from "./opened.ts";
import { closed, type Ending } from "./verdict.ts";

const watchKey = (id: string): string => `watches/v1/${id}.json`;

/** `production/orders/20261120T120000Z-5f2c`: sorts by time within its target. */
const newId = (target: Target, now: Date): string =>
  `${targetKey(target)}/${stampOf(now)}-${randomUUID().slice(0, 4)}`;

/** @throws UnreadableDocument */
export const readWatch = async (store: Store, id: string): Promise<Watch | undefined> =>
  (await readDocument(store, watchKey(id), watchSchema))?.document;

const changeWatch = (store: Store, entry: Entry, change: (watch: Watch) => Watch) =>
  changeDocument(store, watchKey(entry.id), watchSchema, (there) => ({
    ...change(watchOf(entry, there)),
    nonce: randomUUID(),
  }));

/**
 * Begins a watch, or finds that it was begun. The list of open watches decides; the document
 * follows from it, so that whoever died in between is made good by the next.
 */
export async function beginWatch(store: Store, wish: Omit<Wish, "id">) {
  await tidyUp(store, wish.target);
  let beginning: ReturnType<typeof begun> | undefined;
  const id = newId(wish.target, wish.now);
  await changeDocument(store, openKey, openSchema, (open) => {
    beginning = begun(open, { ...wish, id });
    return { ...beginning.open, nonce: randomUUID() };
  });
  if (beginning === undefined) throw new Error("changeDocument changed nothing");
  const { entry, is } = beginning;
  const watch = await changeWatch(store, entry, (there) => there);
  const ended = await endSuperseded(store, entry, wish.now);
  // Another deployment that began meanwhile found no document to close yet.
  const there = await entryOf(store, wish.target);
  if (there === undefined || there.id === entry.id) return { watch, is, ended };
  await endSuperseded(store, { ...there, supersedes: entry.id }, wish.now);
  return { watch: (await readWatch(store, entry.id)) ?? watch, is, ended };
}

/** An entry whose watch is closed is one whose writer died before it took it out. */
async function tidyUp(store: Store, target: Target): Promise<void> {
  const entry = await entryOf(store, target);
  if (entry === undefined) return;
  if ((await readWatch(store, entry.id))?.state === "closed") await takeOut(store, entry);
}

const takeOut = (store: Store, entry: Pick<Entry, "id" | "target">) =>
  changeDocument(store, openKey, openSchema, (open) => ({
    ...without(open ?? { schemaVersion: 1, nonce: "", watches: {} }, entry),
    nonce: randomUUID(),
  }));

/** @returns the watch that ended now, if one did */
async function endSuperseded(
  store: Store,
  { supersedes, deploy }: Entry,
  now: Date,
): Promise<Watch | undefined> {
  if (supersedes === undefined) return undefined;
  const key = watchKey(supersedes);
  const there = await readDocument(store, key, watchSchema);
  if (there === undefined || there.document.state === "closed") return undefined;
  const why = deploy === undefined ? "the next deployment began" : `${deploy} was deployed`;
  return changeDocument(store, key, watchSchema, (watch) => ({
    ...closed(watch ?? there.document, now, { because: "superseded", why }),
    nonce: randomUUID(),
  }));
}

const entryOf = async (store: Store, target: Target): Promise<Entry | undefined> =>
  Object.values((await readOpen(store)).watches).find(
    (entry) => targetKey(entry.target) === targetKey(target),
  );

/** The watch over a target that is not closed, if there is one. @throws UnreadableDocument */
export async function openWatch(store: Store, target: Target): Promise<Watch | undefined> {
  const entry = await entryOf(store, target);
  if (entry === undefined) return undefined;
  const watch = watchOf(entry, await readWatch(store, entry.id));
  return watch.state === "closed" ? undefined : watch;
}

/** The newest watch over a target, open or closed. */
export async function newestWatch(store: Store, target: Target): Promise<Watch | undefined> {
  const open = await openWatch(store, target);
  if (open !== undefined) return open;
  const keys = await store.list(`watches/v1/${targetKey(target)}/`);
  const [newest] = keys.filter((key) => !key.endsWith(".baseline.json.gz")).reverse();
  return newest === undefined
    ? undefined
    : (await readDocument(store, newest, watchSchema))?.document;
}

/** For the policy of alerts. @throws UnreadableDocument */
export const watchedNow = async (store: Store, target: Target): Promise<Watched | undefined> =>
  watchedOf(await readOpen(store), target);

type Sighting = { readonly run: RunDocument["run"]; readonly report: Report };

/** Keeps the look before a deployment: what the watch is held against. */
export async function keepBefore(store: Store, watch: Watch, { run, report }: Sighting) {
  await keepBaseline(store, watch.id, report);
  return changeDocument(store, watchKey(watch.id), watchSchema, (there) => ({
    ...withBaseline(there ?? watch, { run, report }),
    nonce: randomUUID(),
  }));
}

/** Keeps a look. The first is the baseline too, where nobody looked before the deployment. */
export async function keepLook(store: Store, watch: Watch, { run, report }: Sighting) {
  await keepBaseline(store, watch.id, report);
  return changeDocument(store, watchKey(watch.id), watchSchema, (there) => ({
    ...recorded(withBaseline(there ?? watch, { run, report }), { run }, report),
    nonce: randomUUID(),
  }));
}

function withBaseline(watch: Watch, { run, report }: Sighting): Watch {
  if (watch.baseline !== undefined || report.server === undefined) return watch;
  const { startedAt: at, schema, vitals } = report;
  return {
    ...watch,
    baseline: {
      at,
      run: run.id,
      ...(schema === undefined ? {} : { checksum: schema.checksum }),
      ...(vitals === undefined ? {} : { vitals }),
    },
  };
}

/** Ends a watch: its verdict first, then it is taken off the list. */
export async function endWatch(
  store: Store,
  watch: Watch,
  now: Date,
  ending: Ending,
  outcome?: WatchOutcome,
): Promise<Watch> {
  const ended = await changeDocument(store, watchKey(watch.id), watchSchema, (there) => ({
    ...closed(there ?? watch, now, ending, outcome),
    nonce: randomUUID(),
  }));
  await takeOut(store, watch);
  return ended;
}

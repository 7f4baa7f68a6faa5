import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { trackersNow } from "../checks/reads/trackers-look.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { recall } from "../run/memory.ts";
import { Reader } from "../run/reader.ts";
import { loadBaselineSnapshot, loadLastSnapshot, parseAddress } from "../schema/address.ts";
import { readSnapshot, type StoredSnapshot } from "../schema/file.ts";
import { loadSnapshot } from "../schema/stored.ts";
import type { Words } from "./command.ts";
import { type FleetTarget, fleetOf } from "./fleet.ts";
import type { Io } from "./io.ts";
import { lastSnapshotOf } from "./last-snapshot.ts";
import { liveSnapshot, onlyTarget, snapshotOver } from "./live-snapshot.ts";
import { storeAt } from "./store.ts";

/** The schema of a target as it is now, and where the migration tools stand: for a seal. */
export async function sealable({ target, open, limits }: FleetTarget, io: Io) {
  await using session = await open(limits, io.signal);
  const end = io.clock().getTime() + limits.target;
  const remaining = () => end - io.clock().getTime();
  const past = () => undefined;
  const reader = new Reader({
    target,
    profile: "nightly",
    store: undefined,
    past,
    remaining,
    session,
  });
  // Before the schema, so that a migration that ends meanwhile is not taken for sealed.
  const trackers = await reader.ask(trackersNow, {}).then(() => reader.answered(trackersNow));
  const migrations = trackers?.unread === undefined ? trackers?.heads : undefined;
  return { snapshot: await snapshotOver(session), migrations };
}

/**
 * What an address means: `E/T` now, `E/T@last`, `E/T@baseline`, `sha256:…`, a file.
 *
 * @throws UsageError, SnapshotError, DatabaseError
 */
export async function snapshotAt(text: string, words: Words, io: Io): Promise<StoredSnapshot> {
  const address = parseAddress(text);
  if (address.is === "file") return fromFile(address.path, io);
  if (address.is === "checksum") {
    return loadSnapshot(storeFor(await storeOf(words, io), text), address.checksum);
  }
  const fleet = await fleetOf(narrowedTo(address.target, words), io);
  const each = onlyTarget(fleet);
  if (address.is === "live") return liveSnapshot(each, io);
  const store = storeFor(fleet.store, text);
  if (address.is === "baseline") return loadBaselineSnapshot(store, each.target, each.typed);
  return loadLastSnapshot(store, each.target, await remembered(store, each.target), each.typed);
}

async function remembered(store: Store, target: Target) {
  const past = await recall(store, target);
  return lastSnapshotOf(past("schema/drift-from-last")?.memory);
}

export async function fromFile(path: string, io: Io): Promise<StoredSnapshot> {
  const text = await readFile(resolve(io.cwd, path), "utf8").catch((error: unknown) => {
    throw new UsageError(
      `cannot read ${path}: ${messageOf(error)}`,
      "pgvigil snapshot --output FILE writes one.",
    );
  });
  return readSnapshot(text, path);
}

/** The address names the target, where no flag does. */
const narrowedTo = (target: string, words: Words): Words =>
  words.text("url") === undefined
    ? { ...words, list: (flag) => (flag === "target" ? [target] : words.list(flag)) }
    : words;

async function storeOf(words: Words, io: Io): Promise<Store | undefined> {
  const given = words.text("store");
  return given === undefined ? (await fleetOf(words, io)).store : storeAt(given, io);
}

function storeFor(store: Store | undefined, address: string): Store {
  if (store !== undefined) return store;
  throw new UsageError(
    `${address} is kept in a store, and none is named`,
    "--store DIR, or store: in the configuration",
  );
}

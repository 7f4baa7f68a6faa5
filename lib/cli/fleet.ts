import { type Connection, clientConfigOf } from "../adapters/postgres/config.ts";
import { defaultLimits, type Limits } from "../config/limits.ts";
import { UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import type { Typed } from "../core/target.ts";
import type { Adds, ServedTarget } from "../service/targets.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";
import { type Open, openPlainly } from "./login.ts";
import { storeAt } from "./store.ts";
import { typedPlaces, typedUrl } from "./typed.ts";

export interface FleetTarget extends ServedTarget {
  readonly typed: Typed;
  readonly connection: Connection;
  readonly open: Open;
}

export interface Fleet {
  readonly targets: readonly FleetTarget[];
  /** Every environment's name that the configuration knows. */
  readonly environments: readonly string[];
  readonly limits: Limits;
  readonly store: Store | undefined;
  readonly adds: Adds;
  /** As people are to read it. */
  readonly configFile: string | undefined;
  /** How long and how often a deployment is watched, where the configuration says so; seconds. */
  readonly watch?: WatchSettings | undefined;
}

interface WatchSettings {
  readonly for?: number | undefined;
  readonly phases?: readonly { readonly every: number; readonly until: number }[] | undefined;
}

/**
 * The databases that a command is about: `--url`; else the configuration, narrowed by `--target`
 * and `--environment`; else DATABASE_URL; else what libpq's own variables say.
 *
 * @throws UsageError
 */
export async function fleetOf(words: Words, io: Io): Promise<Fleet> {
  const url = words.text("url");
  if (url !== undefined) {
    refuseWithUrl(words);
    return adHoc(url, words, io);
  }
  const { configured } = await import("./configured.ts");
  const fleet = await configured(words, io);
  return fleet ?? adHoc(io.env.DATABASE_URL || undefined, words, io);
}

/** Whoever names a target means its settings: they would be left out without a word. */
function refuseWithUrl(words: Words): void {
  if (words.list("target").length === 0 && words.text("environment") === undefined) return;
  throw new UsageError(
    "--url is a database of no configuration: --target and --environment are of one",
    "Give one of them.",
  );
}

/** A database that no configuration names: `adhoc/<its name>`. */
async function adHoc(url: string | undefined, words: Words, io: Io): Promise<Fleet> {
  const connection = clientConfigOf({ url, env: io.env });
  const target = { environment: "adhoc", name: connection.place.database };
  const typed = { url: typedUrl(url, io.env), places: typedPlaces(words) };
  const where = words.text("store");
  const reached = { target, typed, connection, open: openPlainly(connection) };
  return {
    targets: [{ ...reached, levels: () => [], ignore: [], limits: defaultLimits }],
    environments: [],
    limits: defaultLimits,
    store: where === undefined ? undefined : await storeAt(where, io),
    adds: () => false,
    configFile: undefined,
  };
}

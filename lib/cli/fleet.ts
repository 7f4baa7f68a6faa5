import { folderStore } from "../adapters/local/folder-store.ts";
import { type Connection, clientConfigOf } from "../adapters/postgres/config.ts";
import type { IgnoreRule } from "../core/ignore.ts";
import type { Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Target } from "../core/target.ts";
import type { CheckSettings } from "../run/choose.ts";
import type { Words } from "./command.ts";
import { configured } from "./configured.ts";
import type { Io } from "./io.ts";

export type CheckLevel = Readonly<Record<string, CheckSettings>>;

export interface FleetTarget {
  readonly target: Target;
  readonly connection: Connection;
  /** What is set for each check, outermost first. */
  readonly levels: readonly CheckLevel[];
  readonly ignore: readonly IgnoreRule[];
}

/** Milliseconds. */
export interface Limits {
  readonly connect: number;
  readonly statement: number;
  readonly lock: number;
  readonly target: number;
  readonly run: number;
  readonly concurrency: number;
}

export interface Fleet {
  readonly targets: readonly FleetTarget[];
  /** Every environment's name that the configuration knows. */
  readonly environments: readonly string[];
  readonly limits: Limits;
  readonly store: Store | undefined;
  readonly profileLevels: Partial<Readonly<Record<ProfileName, CheckLevel>>>;
}

export const defaultLimits: Limits = {
  connect: 5000,
  statement: 5000,
  lock: 200,
  target: 60_000,
  run: 600_000,
  concurrency: 8,
};

/**
 * The databases that a command is about: `--url`; else the configuration, narrowed by `--target`
 * and `--environment`; else DATABASE_URL; else what libpq's own variables say.
 *
 * @throws UsageError
 */
export async function fleetOf(words: Words, io: Io): Promise<Fleet> {
  const url = words.text("url");
  if (url !== undefined) return adHoc(url, words, io);
  const fleet = await configured(words, io);
  return fleet ?? adHoc(io.env.DATABASE_URL || undefined, words, io);
}

/** A database that no configuration names: `adhoc/<its name>`. */
function adHoc(url: string | undefined, words: Words, io: Io): Fleet {
  const connection = clientConfigOf({ url, env: io.env });
  const target = { environment: "adhoc", name: connection.place.database };
  return {
    targets: [{ target, connection, levels: [], ignore: [] }],
    environments: [],
    limits: defaultLimits,
    store: storeAt(words.text("store")),
    profileLevels: {},
  };
}

export const storeAt = (folder: string | undefined): Store | undefined =>
  folder === undefined ? undefined : folderStore(folder);

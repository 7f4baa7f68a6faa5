import { resolve } from "node:path";
import { folderStore } from "../adapters/local/folder-store.ts";
import { type Connection, clientConfigOf } from "../adapters/postgres/config.ts";
import type { CheckLevel } from "../config/known.ts";
import { defaultLimits, type Limits, type TargetLimits } from "../config/limits.ts";
import type { IgnoreRule } from "../core/ignore.ts";
import type { Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Target, Typed } from "../core/target.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";
import { typedPlaces, typedUrl } from "./typed.ts";

export interface FleetTarget {
  readonly target: Target;
  readonly typed: Typed;
  /** The target of the same name in the reference environment; none for itself. */
  readonly reference?: Target | undefined;
  readonly connection: Connection;
  /** What is set for each check, outermost first. */
  readonly levels: (profile: ProfileName) => readonly CheckLevel[];
  readonly ignore: readonly IgnoreRule[];
  /** Milliseconds. */
  readonly limits: TargetLimits;
  /** Does a healthy watch seal its schema? */
  readonly sealsHealthyWatch?: boolean | undefined;
}

export interface Fleet {
  readonly targets: readonly FleetTarget[];
  /** Every environment's name that the configuration knows. */
  readonly environments: readonly string[];
  readonly limits: Limits;
  readonly store: Store | undefined;
  /** Does the configuration add this check to the profile? */
  readonly adds: (profile: ProfileName, check: string) => boolean;
  /** As people are to read it. */
  readonly configFile: string | undefined;
  /** How long and how often a deployment is watched, where the configuration says so; seconds. */
  readonly watch?: WatchSettings | undefined;
}

export interface WatchSettings {
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
  if (url !== undefined) return adHoc(url, words, io);
  const { configured } = await import("./configured.ts");
  const fleet = await configured(words, io);
  return fleet ?? adHoc(io.env.DATABASE_URL || undefined, words, io);
}

/** A database that no configuration names: `adhoc/<its name>`. */
function adHoc(url: string | undefined, words: Words, io: Io): Fleet {
  const connection = clientConfigOf({ url, env: io.env });
  const target = { environment: "adhoc", name: connection.place.database };
  const typed = { url: typedUrl(url, io.env), places: typedPlaces(words) };
  return {
    targets: [{ target, typed, connection, levels: () => [], ignore: [], limits: defaultLimits }],
    environments: [],
    limits: defaultLimits,
    store: storeAt(words.text("store"), io),
    adds: () => false,
    configFile: undefined,
  };
}

export const storeAt = (folder: string | undefined, io: Io): Store | undefined =>
  folder === undefined ? undefined : folderStore(resolve(io.cwd, folder));

import { dirname, relative, resolve } from "node:path";
import { findConfig } from "../config/find.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { Store } from "../core/ports.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";
import { known } from "./known.ts";
import { isBucket, storeAt } from "./store.ts";

export interface ReadConfig {
  readonly config: Config;
  /** Where it is, and the same as people are to read it. */
  readonly file: string;
  readonly shown: string;
}

/**
 * The configuration that `--config` names, or the one here or above; nothing where there is none.
 *
 * @throws UsageError
 */
export async function readConfig(words: Words, io: Io): Promise<ReadConfig | undefined> {
  const named = words.text("config");
  const file = named === undefined ? await findConfig(io.cwd) : resolve(io.cwd, named);
  if (file === undefined) return undefined;
  const shown = relative(io.cwd, file) || ".";
  return { file, shown, config: await loadConfig(file, known, shown) };
}

/**
 * `--store`, else the configuration's; nothing where neither names one. A relative folder of the
 * configuration is seen from there, wherever the command is run.
 */
export async function storeOf(
  read: Pick<ReadConfig, "config" | "file"> | undefined,
  words: Words,
  io: Io,
): Promise<Store | undefined> {
  const aws = read?.config.aws;
  const given = words.text("store");
  if (given !== undefined) return storeAt(given, io, aws);
  const written = read?.config.store;
  if (read === undefined || written === undefined) return undefined;
  return storeAt(isBucket(written) ? written : resolve(dirname(read.file), written), io, aws);
}

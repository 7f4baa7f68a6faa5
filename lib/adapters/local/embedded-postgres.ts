import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { accountForServer } from "./embedded/account.ts";
import { usableBinaries } from "./embedded/binaries.ts";
import { createCluster } from "./embedded/cluster.ts";
import { giveTo, makePrivateFolder, removeFolder } from "./embedded/folder.ts";
import { findInstallation } from "./embedded/installed.ts";
import { dataOf, type EmbeddedServer, RunningServer } from "./embedded/server.ts";
import { type Settings, throwAway } from "./embedded/settings.ts";
import { startWatchdog } from "./embedded/watchdog.ts";

export { EmbeddedPostgresError } from "./embedded/error.ts";
export { installedMajors } from "./embedded/installed.ts";
export type { EmbeddedServer } from "./embedded/server.ts";

export interface EmbeddedOptions {
  /** 13 to 18, of `installedMajors()`; otherwise the newest that is installed. */
  readonly major?: number;
  /** As in postgresql.conf. They win over ours, but for the address and the port. */
  readonly settings?: Settings;
  /** Further words for initdb, `--locale=…` say. */
  readonly initdbArgs?: readonly string[];
  /** True: what is committed reaches the disk, as on a real server. Slower; for measurements. */
  readonly durable?: boolean;
  /** Milliseconds to become ready; 60 000 otherwise. */
  readonly patience?: number;
  /** In place of a new cluster: puts another server's data, whose password is given, here. */
  readonly existing?: {
    readonly password: string;
    fill(data: string): Promise<void>;
  };
}

/** Starts a private, throw-away PostgreSQL on 127.0.0.1. `await using` stops and removes it. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const { settings = {}, initdbArgs = [], durable = false, patience = 60_000, existing } = options;
  const installation = findInstallation(options.major);
  const account = accountForServer();
  const directory = await makePrivateFolder(account);
  const watchdog = startWatchdog(directory);
  const onPid = (pid: number | undefined) => watchdog.mind(pid);
  const data = dataOf(directory);
  const user = "postgres";
  const password = existing?.password ?? randomBytes(18).toString("base64url");
  try {
    const binaries = await usableBinaries(installation, directory, account);
    if (existing) {
      await mkdir(data, { mode: 0o700 });
      await existing.fill(data);
      giveTo(account, data);
    } else {
      const folder = directory;
      await createCluster({ binaries, folder, data, account, user, password, initdbArgs, onPid });
    }
    const server = new RunningServer(
      { installation, binaries, directory, account, watchdog, user, password, patience },
      { ...(durable ? {} : throwAway), ...settings },
    );
    await server.start();
    return server;
  } catch (error) {
    await removeFolder(directory);
    watchdog.dismiss();
    throw error;
  }
}

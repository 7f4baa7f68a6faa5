import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "../../lib/adapters/local/embedded-postgres.ts";
import { sharedSettings } from "./settings.ts";
import { asSuperuser, type TestServer } from "./test-server.ts";

/**
 * A hot standby of a server that runs: pg_basebackup by hand, as the packages have none.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export function startStandby(
  primary: TestServer,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedServer> {
  const { major, host, port, user, password } = primary;
  return startEmbedded({
    major,
    settings: {
      ...sharedSettings,
      hot_standby: "on",
      primary_conninfo: `host=${host} port=${port} user=${user} password=${password}`,
      ...settings,
    },
    existing: { password, fill: (data) => copyCluster(primary, data) },
  });
}

async function copyCluster(primary: TestServer, data: string): Promise<void> {
  const old = primary.major < 15; // renamed when the exclusive mode went
  await asSuperuser(primary, async (client) => {
    await client.query(
      old
        ? "SELECT pg_catalog.pg_start_backup('standby', true, false)"
        : "SELECT pg_catalog.pg_backup_start('standby', true)",
    );
    await copyFiles(join(primary.directory, "data"), data);
    const { rows } = await client.query<{ labelfile: string }>(
      old
        ? "SELECT labelfile FROM pg_catalog.pg_stop_backup(false, false)"
        : "SELECT labelfile FROM pg_catalog.pg_backup_stop(false)",
    );
    await writeFile(join(data, "backup_label"), rows[0]?.labelfile ?? "");
    await writeFile(join(data, "standby.signal"), "");
  });
}

/** A server's own: what it is busy with, its slots. WAL comes by streaming. */
const notCopied = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_stat_tmp|postmaster\.\w+)(\/|$)/;

async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(join(to, "pg_wal", "archive_status"), { recursive: true });
  await copyFolder(from, to, "");
}

async function copyFolder(from: string, to: string, name: string): Promise<void> {
  await mkdir(join(to, name), { recursive: true });
  const entries = await readdir(join(from, name), { withFileTypes: true }).catch(vanished);
  for (const entry of entries ?? []) {
    const path = join(name, entry.name);
    if (notCopied.test(path)) {
      if (entry.isDirectory() && name === "") await mkdir(join(to, path), { recursive: true });
    } else if (entry.isDirectory()) {
      await copyFolder(from, to, path);
    } else {
      await copyFile(join(from, path), join(to, path)).catch(vanished);
    }
  }
}

/** Another test may drop a table or a database while we copy: recovery does not miss it. */
function vanished(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

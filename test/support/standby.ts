import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
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
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(from, path);
    if (entry.isDirectory() && (!notCopied.test(name) || dirname(name) === ".")) {
      await mkdir(join(to, name), { recursive: true });
    } else if (entry.isFile() && !notCopied.test(name)) {
      await mkdir(dirname(join(to, name)), { recursive: true });
      await copyFile(path, join(to, name)).catch(passOverVanished);
    }
  }
}

/** A table may be dropped while we copy: recovery does not miss its file. */
function passOverVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

import { chmodSync, chownSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { EmbeddedServer } from "../../lib/adapters/local/embedded-postgres.ts";

const fixtures = join(import.meta.dirname, "..", "..", "test", "fixtures", "tls");

/** What a client has to trust, as NODE_EXTRA_CA_CERTS. */
export const rootCertificate = join(fixtures, "root.crt");

/** The server takes TLS from now on, as every RDS does: a handshake is most of a short visit. */
export async function encrypt(server: EmbeddedServer, admin: pg.Client): Promise<void> {
  const data = join(server.directory, "data");
  const { uid, gid } = statSync(data);
  for (const name of ["server.crt", "server.key"]) {
    const path = join(data, name);
    copyFileSync(join(fixtures, name), path);
    chmodSync(path, 0o600);
    chownSync(path, uid, gid);
  }
  await admin.query("ALTER SYSTEM SET ssl = on");
  await admin.query("SELECT pg_reload_conf()");
}

/** A database of the server as one at RDS is reached: by its name there, with all roots of Node's. */
export const asAtRds = (url: string, port: number): string => {
  const { username, password, pathname } = new URL(url);
  const host = "vigil.abcdefghijkl.eu-central-1.rds.amazonaws.com";
  const query = "sslmode=verify-ca&hostaddr=127.0.0.1";
  return `postgres://${username}:${password}@${host}:${port}${pathname}?${query}`;
};

import { chmodSync, lchownSync, lstatSync, readdirSync } from "node:fs";
import { chown, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";

/** A new temporary folder that only the server's account (and root) can enter. */
export async function makePrivateFolder(account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(join(await parentFolder(account), "pgvigil-postgres-"));
  if (account) {
    await chown(folder, account.uid, account.gid).catch(async (cause: unknown) => {
      await rm(folder, { recursive: true });
      throw new EmbeddedPostgresError(
        `PostgreSQL refuses to run as root, and this root may not hand files to uid ${account.uid}.`,
        "Run pgvigil as an ordinary user.",
        { cause },
      );
    });
  }
  return folder;
}

/** Hands a file, or a folder and all in it, to the server's account. */
export function giveTo(account: Account | undefined, folder: string): void {
  if (!account) return;
  for (const entry of ["", ...entriesOf(folder)]) {
    lchownSync(join(folder, entry), account.uid, account.gid);
  }
}

/** A copy keeps the modes of what it was made from: of a read-only package it could not be removed. */
export function openFolders(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}

const entriesOf = (path: string): readonly string[] =>
  lstatSync(path).isDirectory() ? readdirSync(path, { encoding: "utf8", recursive: true }) : [];

/** Tried a few times, as a dying server may still write. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });

async function parentFolder(account: Account | undefined): Promise<string> {
  if (!account) return realpath(tmpdir());
  for (const candidate of [tmpdir(), "/tmp", "/var/tmp"]) {
    const folder = await realpath(candidate).catch(() => undefined);
    if (folder !== undefined && (await anyoneMayPass(folder))) return folder;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and uid ${account.uid} may not enter ${tmpdir()}.`,
    "Set TMPDIR to a folder that everyone may enter, or run pgvigil as an ordinary user.",
  );
}

async function anyoneMayPass(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  return folder === dirname(folder) || anyoneMayPass(dirname(folder));
}

import { randomUUID } from "node:crypto";
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import { tagOf } from "./memory-store.ts";

/** The same keys as in a bucket, as files under a folder. Safe for several processes at once. */
export function folderStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (key: string): string => {
    const path = resolve(root, key);
    if (!path.startsWith(root + sep)) throw new Error(`key outside of the store: ${key}`);
    return path;
  };
  return {
    place: root,
    async get(key) {
      const body = await readFile(pathOf(key)).catch(undefinedWhenAbsent);
      return body === undefined ? undefined : { body, tag: tagOf(body) };
    },
    put: (key, body, condition) =>
      writing(root, async () => {
        const path = pathOf(key);
        await make(dirname(path));
        if (condition === undefined) return replace(path, body);
        if (condition === "absent") return create(path, body);
        return locked(path, async () => {
          const now = await readFile(path).catch(undefinedWhenAbsent);
          return now !== undefined && tagOf(now) === condition.tag ? replace(path, body) : false;
        });
      }),
    async list(prefix) {
      // Of a prefix with folders in it, only the innermost is walked.
      const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
      const from = folder === "" ? root : pathOf(folder);
      const names = await readdir(from, { recursive: true, withFileTypes: true }).catch(
        undefinedWhenAbsent,
      );
      return (names ?? [])
        .filter((entry) => entry.isFile() && !isOurs(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
  };
}

const isOurs = (name: string): boolean => name.endsWith(".lock") || name.endsWith(".part");

const codeOf = (error: unknown): unknown => Object(error).code;

function undefinedWhenAbsent(error: unknown): undefined {
  if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
  throw error;
}

/** Folder by folder: where a file system refuses to (/proc), mkdir's own `recursive` never ends. */
async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await make(dirname(folder));
    await mkdir(folder).catch((again: unknown) => {
      if (codeOf(again) !== "EEXIST") throw again; // somebody else was quicker
    });
  }
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the quota is used up",
  ENOENT: "no such folder can be made",
  ENOTDIR: "it is no folder",
  EEXIST: "it is no folder",
};

async function writing<T>(root: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const why = refusals[String(codeOf(error))];
    if (why === undefined) throw error;
    throw new UsageError(
      `cannot write to the store ${root}: ${why}`,
      "Name another with --store.",
      {
        cause: error,
      },
    );
  }
}

/** Written aside and put in place in one step, so that a reader never sees half of it. */
async function aside(path: string, body: Uint8Array): Promise<string> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, body, { flush: true });
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return part;
}

async function replace(path: string, body: Uint8Array): Promise<true> {
  await rename(await aside(path, body), path);
  return true;
}

/** A hard link is refused where the name is taken: nothing is ever written over. */
async function create(path: string, body: Uint8Array): Promise<boolean> {
  const part = await aside(path, body);
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

const staleAfter = 10_000;

/** One writer at a time between looking at the tag and replacing the file. */
async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (;;) {
    try {
      await (await open(lock, "wx")).close();
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
      // Its owner died in the middle; what it protects takes milliseconds.
      if (Date.now() - mtimeMs > staleAfter) await rm(lock, { force: true });
      await sleep(5 + Math.random() * 20);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

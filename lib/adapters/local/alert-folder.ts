import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Message, Outlet, Topic } from "../../core/alert.ts";

const endings: Readonly<Record<Topic, string>> = {
  alerts: "mail.txt",
  chat: "chat.json",
  page: "page.json",
  events: "event.json",
};

/**
 * Every message as a file: `0001-<id>.mail.txt`, `.chat.json`, `.page.json`, `.event.json`. Numbers
 * go on over runs; what has an id that is there already is a repeat, and dropped. Nothing is made
 * where nothing is to be said.
 */
export function alertFolder(folder: string): Outlet {
  const root = resolve(folder);
  let files: Promise<Files> | undefined;
  return {
    name: `folder ${root}`,
    async send(message) {
      files ??= look(root);
      const known = await files.catch((error: unknown) => {
        files = undefined;
        throw error;
      });
      const id = fileId(message.id);
      const number = known.numbers.get(id) ?? known.next++;
      known.numbers.set(id, number);
      const name = `${String(number).padStart(4, "0")}-${id}.${endings[message.topic]}`;
      await create(join(root, name), textOf(message));
    },
  };
}

interface Files {
  readonly numbers: Map<string, number>;
  next: number;
}

async function look(root: string): Promise<Files> {
  await mkdir(root, { recursive: true });
  const numbers = new Map<string, number>();
  for (const file of await readdir(root)) {
    const [, number, id] =
      /^(\d{4,})-(.+)\.(?:mail\.txt|(?:chat|page|event)\.json)$/.exec(file) ?? [];
    if (number !== undefined && id !== undefined) numbers.set(id, Number(number));
  }
  return { numbers, next: Math.max(0, ...numbers.values()) + 1 };
}

/** An id in a file's name: no path, and no longer than file systems take. */
const fileId = (id: string): string =>
  id
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^\.+/, "_")
    .slice(0, 100) || "_";

const textOf = ({ topic, subject = "", body }: Message): string =>
  topic === "alerts" ? `Subject: ${subject}\n\n${body}` : `${body}\n`;

/** Written aside and put in place in one step: nobody reads half of it, nothing is written over. */
async function create(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, text, { flush: true });
  try {
    await link(part, path);
  } catch (error) {
    if (Object(error).code !== "EEXIST") throw error;
  } finally {
    await rm(part, { force: true });
  }
}

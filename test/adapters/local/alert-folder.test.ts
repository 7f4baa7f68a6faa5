import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alertFolder } from "../../../lib/adapters/local/alert-folder.ts";
import type { Message } from "../../../lib/core/alert.ts";

const message = (id: string, topic: Message["topic"], body = "{}"): Message => ({
  id,
  topic,
  subject: "[CRITICAL] x",
  body,
  attributes: {},
});

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "alerts-"));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

test("every message is a file of its format, numbered in the order in which it came", async () => {
  await using at = await folder();
  const outlet = alertFolder(join(at.path, "out"));
  await outlet.send(message("b1", "alerts", "CRITICAL\n"));
  for (const topic of ["chat", "page", "events"] as const) await outlet.send(message("a1", topic));
  expect((await readdir(join(at.path, "out"))).sort()).toEqual([
    "0001-b1.mail.txt",
    "0002-a1.chat.json",
    "0002-a1.event.json",
    "0002-a1.page.json",
  ]);
  const mail = await readFile(join(at.path, "out", "0001-b1.mail.txt"), "utf8");
  expect(mail).toBe("Subject: [CRITICAL] x\n\nCRITICAL\n");
});

test("nothing is made where nothing is to be said", async () => {
  await using at = await folder();
  alertFolder(join(at.path, "out"));
  expect(await readdir(at.path)).toEqual([]);
});

test("numbers go on over runs, and a repeat is dropped by its id", async () => {
  await using at = await folder();
  await alertFolder(at.path).send(message("b1", "alerts", "first"));
  const next = alertFolder(at.path);
  await next.send(message("b1", "alerts", "repeat"));
  await next.send(message("b2", "alerts"));
  expect((await readdir(at.path)).sort()).toEqual(["0001-b1.mail.txt", "0002-b2.mail.txt"]);
  expect(await readFile(join(at.path, "0001-b1.mail.txt"), "utf8")).toContain("first");
});

test("an id is no path, and no longer than a name may be", async () => {
  await using at = await folder();
  const outlet = alertFolder(at.path);
  await outlet.send(message("../../etc/passwd", "alerts"));
  await outlet.send(message("production/orders/20261120:verdict", "alerts"));
  await outlet.send(message("é".repeat(500), "alerts"));
  await outlet.send(message("a".repeat(500), "alerts"));
  const names = await readdir(at.path);
  expect(names).toHaveLength(4);
  for (const name of names) expect(name).toMatch(/^\d{4}-[A-Za-z0-9._-]{1,100}\.mail\.txt$/);
});

test("many at once, of several processes' hands: each is there, and whole", async () => {
  await using at = await folder();
  const hands = [alertFolder(at.path), alertFolder(at.path), alertFolder(at.path)];
  const body = "x".repeat(100_000);
  await Promise.all(
    hands.flatMap((hand) =>
      Array.from({ length: 20 }, (_, i) => hand.send(message(`id-${i}`, "events", body))),
    ),
  );
  const names = await readdir(at.path);
  expect(new Set(names.map((name) => name.slice(5))).size).toBe(20);
  for (const name of names) {
    expect((await readFile(join(at.path, name))).length).toBe(body.length + 1);
  }
});

test("who cannot write says so, and may be asked again", async () => {
  await using at = await folder();
  await writeFile(join(at.path, "file"), "");
  const outlet = alertFolder(join(at.path, "file", "out"));
  await expect(outlet.send(message("1", "alerts"))).rejects.toThrow(/ENOTDIR|EEXIST/);
  await rm(join(at.path, "file"));
  await outlet.send(message("1", "alerts"));
  expect(await readdir(join(at.path, "file", "out"))).toEqual(["0001-1.mail.txt"]);
});

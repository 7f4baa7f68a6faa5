import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, test } from "vitest";
import { s3Store } from "../../../lib/adapters/aws/s3-store.ts";
import { folderStore } from "../../../lib/adapters/local/folder-store.ts";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { fakeAws } from "../../support/aws/fake-aws.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = await mkdtemp(join(tmpdir(), "pgvigil-store-"));
afterAll(() => rm(folder, { recursive: true }));
let next = 0;

const aws = await fakeAws();
afterAll(() => aws[Symbol.asyncDispose]());

describe.each([
  ["memory", () => memoryStore()],
  ["a folder", () => folderStore(join(folder, `store-${next++}`))],
  ["a bucket", () => s3Store(new S3Client(aws.client), { bucket: `b${next++}`, prefix: "p/" })],
])("a store in %s", (_, make) => {
  test("gives back what was put, and nothing for what was not", async () => {
    const store = make();
    await store.put("runs/v1/a=b/x.json", bytes("one"));
    const stored = await store.get("runs/v1/a=b/x.json");
    expect(new TextDecoder().decode(stored?.body)).toBe("one");
    expect(await store.get("runs/v1/other")).toBeUndefined();
  });

  test("of twenty who write only where nothing is, one wins", async () => {
    const store = make();
    const tries = Array.from({ length: 20 }, (_, i) => store.put("k/v", bytes(`${i}`), "absent"));
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  test("of twenty who replace the same version, one wins and nothing else is lost", async () => {
    const store = make();
    await store.put("k/v", bytes("0"));
    const tag = (await store.get("k/v"))?.tag ?? "";
    const tries = Array.from({ length: 20 }, (_, i) => store.put("k/v", bytes(`n${i}`), { tag }));
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await store.put("k/none", bytes("x"), { tag })).toBe(false);
  });

  test("lists keys under a prefix in order", async () => {
    const store = make();
    for (const key of ["b/2", "a/1", "b/1"]) await store.put(key, bytes(key));
    expect(await store.list("b/")).toEqual(["b/1", "b/2"]);
    expect(await store.list("c/")).toEqual([]);
  });
});

test("a folder that is not there holds nothing", async () => {
  expect(await folderStore(join(folder, "none")).list("")).toEqual([]);
});

test("a key never leads out of the folder", async () => {
  await expect(folderStore(folder).get("../../etc/passwd")).rejects.toThrow("outside of the store");
});

test("a lock whose owner died is taken over, and leaves no file behind", async () => {
  const place = join(folder, "stale");
  const store = folderStore(place);
  await store.put("doc", bytes("1"));
  const tag = (await store.get("doc"))?.tag ?? "";
  await writeFile(join(place, "doc.lock"), "");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(join(place, "doc.lock"), longAgo, longAgo);
  expect(await store.put("doc", bytes("2"), { tag })).toBe(true);
  expect(await readdir(place)).toEqual(["doc"]);
});

test("a folder that cannot be written says so and what to do", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(folderStore(join(folder, "file")).put("k", bytes("x"))).rejects.toThrow(
    /cannot write to the store .*file: it is no folder/,
  );
});

test.runIf(process.platform === "linux")("a folder that nobody can make ends the try", async () => {
  await expect(folderStore("/proc/pgvigil").put("a/b", bytes("x"))).rejects.toThrow(
    "no such folder can be made",
  );
});

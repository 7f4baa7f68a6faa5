import { S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3Store } from "../../../lib/adapters/aws/s3-store.ts";
import { type FakeAws, fakeAws } from "../../support/aws/fake-aws.ts";
import { type FaultKind, faultKinds } from "../../support/aws/faults.ts";
import { quickly } from "../../support/aws/quickly.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array | undefined) => new TextDecoder().decode(body);

const storeOf = (aws: FakeAws, prefix = "") =>
  s3Store(new S3Client({ ...aws.client, retryStrategy: quickly(3) }), { bucket: "runs", prefix });

test("What was put is got, under its prefix and listed without it", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws, "pgvigil/");
  expect(await store.put("a/1.json", bytes("one"))).toBe(true);
  expect(textOf((await store.get("a/1.json"))?.body)).toBe("one");
  expect(await store.list("a/")).toEqual(["a/1.json"]);
  expect(aws.buckets.keys("runs")).toEqual(["pgvigil/a/1.json"]);
  expect(store.place).toBe("s3://runs/pgvigil");
});

test("A listing goes on over pages, in code unit order", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  const keys = Array.from({ length: 10 }, (_, i) => `p/profile=nightly/${9 - i} é.json`);
  for (const key of keys) await store.put(key, bytes(key));
  expect(await store.list("p/")).toEqual(keys.toSorted());
  expect(aws.faults.calls.filter(({ operation }) => operation === "LIST")).toHaveLength(4);
});

test("What is not there is nothing, and nothing can be replaced", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  expect(await store.get("none")).toBeUndefined();
  expect(await store.put("none", bytes("x"), { tag: '"etag"' })).toBe(false);
  expect(await store.list("none")).toEqual([]);
});

test("Of twenty who write where nothing is, one wins", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  const won = await Promise.all(
    Array.from({ length: 20 }, (_, i) => store.put("one", bytes(String(i)), "absent")),
  );
  expect(won.filter((each) => each)).toHaveLength(1);
});

test("A tag lets only the one through who saw the newest", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  await store.put("doc", bytes("1"));
  const seen = await store.get("doc");
  const tag = seen?.tag ?? "";
  expect(await store.put("doc", bytes("2"), { tag })).toBe(true);
  expect(await store.put("doc", bytes("3"), { tag })).toBe(false);
  expect(textOf((await store.get("doc"))?.body)).toBe("2");
});

test.each(
  faultKinds.flatMap((kind) => ["absent", "tag", "none"].map((how) => [kind, how] as const)),
)("A put that meets %s (%s) is done once, and known to be done", async (kind, how) => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  if (how === "tag") await store.put("doc", bytes("0"));
  const tag = (await store.get("doc"))?.tag ?? "";
  aws.faults.clear();
  aws.faults.plan(kind, ({ operation }) => operation === "PUT");
  const condition = how === "none" ? undefined : how === "tag" ? { tag } : ("absent" as const);
  expect(await store.put("doc", bytes("1"), condition)).toBe(true);
  expect(aws.buckets.read("runs", "doc")?.toString()).toBe("1");
});

test.each(["conflict", "slow-down", "reset"] as const)(
  "A writer that meets %s three times in a row still comes through",
  async (kind) => {
    await using aws = await fakeAws();
    const store = s3Store(new S3Client({ ...aws.client, maxAttempts: 5 }), {
      bucket: "runs",
      prefix: "",
    });
    aws.faults.plan(kind, ({ operation }) => operation === "PUT", 3);
    expect(await store.put("doc", bytes("1"), "absent")).toBe(true);
  },
);

test("Who lost the reply, and then the race for a repetition, is told that he won", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  aws.faults.plan("lost-reply", ({ operation }) => operation === "PUT");
  aws.faults.plan("reset", ({ operation }) => operation === "HEAD");
  expect(await store.put("doc", bytes("mine"), "absent")).toBe(true);
});

test("Somebody else's object of the same content is not taken for one's own", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  aws.buckets.write("runs", "doc", "same");
  expect(await store.put("doc", bytes("same"), "absent")).toBe(false);
});

test.each<FaultKind>([...faultKinds])(
  "A get that meets %s gives the whole object",
  async (kind) => {
    await using aws = await fakeAws();
    const store = storeOf(aws);
    const large = "x".repeat(300_000);
    await store.put("doc", bytes(large));
    aws.faults.plan(kind, ({ operation }) => operation === "GET");
    expect(textOf((await store.get("doc"))?.body)).toBe(large);
  },
);

test("What may not be read is an error, not an absence", async () => {
  await using aws = await fakeAws();
  const store = storeOf(aws);
  aws.faults.plan("denied", ({ operation }) => operation === "GET");
  await expect(store.get("doc")).rejects.toThrow("AccessDenied");
});

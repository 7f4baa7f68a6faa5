import { S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { locking, type ObjectLock } from "../../../lib/adapters/aws/object-lock.ts";
import { s3Store } from "../../../lib/adapters/aws/s3-store.ts";
import { fakeAws } from "../../support/aws/fake-aws.ts";

const clock = () => new Date("2026-11-20T03:00:00Z");

/** What goes over the wire with each write, by key. */
async function written(lock: ObjectLock | undefined, keys: readonly string[]) {
  await using aws = await fakeAws();
  const client = new S3Client(aws.client);
  const headers = new Map<string, Record<string, string>>();
  client.middlewareStack.add(
    (next) => async (args) => {
      const { method, path, headers: sent } = Object(args.request);
      if (method === "PUT") headers.set(path.replace("/runs/", ""), sent);
      return next(args);
    },
    { step: "finalizeRequest", priority: "low" },
  );
  const store = s3Store(client, { bucket: "runs", prefix: "" }, locking(lock, clock));
  for (const key of keys) await store.put(key, new TextEncoder().encode("{}"), "absent");
  return headers;
}

test("Runs, snapshots and baselines are locked, each by itself; what is written over is not", async () => {
  const keys = ["runs/v1/a", "snapshots/v1/b", "baselines/v1/c", "incidents/v1/d", "cursors/v1/e"];
  const headers = await written({ mode: "governance", days: 30 }, keys);
  expect(keys.map((key) => headers.get(key)?.["x-amz-object-lock-mode"])).toEqual([
    ...["GOVERNANCE", "GOVERNANCE", "GOVERNANCE"],
    ...[undefined, undefined],
  ]);
  expect(headers.get("runs/v1/a")).toMatchObject({
    "x-amz-object-lock-retain-until-date": "2026-12-20T03:00:00Z",
    // S3 takes no locked object without one.
    "x-amz-checksum-crc32": expect.any(String),
    "if-none-match": "*",
  });
});

test("Without the option nothing is locked", async () => {
  const headers = await written(undefined, ["runs/v1/a"]);
  expect(headers.get("runs/v1/a")).toBeDefined();
  expect(headers.get("runs/v1/a")).not.toHaveProperty("x-amz-object-lock-mode");
});

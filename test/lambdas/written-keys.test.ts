import { expect, test } from "vitest";
import { writtenKeys } from "../../lambdas/notify/written-keys.ts";

const key =
  "runs/v1/profile=pulse/date=2026-11-20/20261120T120000Z-production=0123abcd-pulse-0.json.gz";

test("a bucket tells form-encoded keys, EventBridge plain ones", () => {
  const encoded = key.replaceAll("=", "%3D");
  const direct = { Records: [{ s3: { object: { key: encoded } } }, { s3: { object: { key } } }] };
  expect(writtenKeys(JSON.stringify(direct))).toEqual([key, key]);
  expect(writtenKeys(JSON.stringify({ detail: { object: { key } } }))).toEqual([key]);
});

test("S3's own try of the queue tells of nothing; what is neither is refused", () => {
  const tried = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "vigil" };
  expect(writtenKeys(JSON.stringify(tried))).toEqual([]);
  expect(() => writtenKeys("{}")).toThrow("the message tells of no object");
});

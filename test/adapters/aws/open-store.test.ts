import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openS3 } from "../../../lib/adapters/aws/open-store.ts";
import { placeOf } from "../../../lib/adapters/aws/place.ts";
import { NoAnswer, UsageError } from "../../../lib/core/errors.ts";
import { type FakeAws, fakeAws } from "../../support/aws/fake-aws.ts";
import type { FaultKind } from "../../support/aws/faults.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const envOf = ({ endpoint }: Pick<FakeAws, "endpoint">) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
});

test.each([
  ["s3://runs", { bucket: "runs", prefix: "" }],
  ["s3://runs/", { bucket: "runs", prefix: "" }],
  ["s3://my.runs-1/team/pgvigil/", { bucket: "my.runs-1", prefix: "team/pgvigil/" }],
])("%s is a place", (address, place) => {
  expect(placeOf(address)).toEqual(place);
});

test.each([
  "s3://",
  "s3:///runs",
  "s3://Runs",
  "s3://a_b",
  "s3://runs//x",
  "s3://runs/../x",
  "s3://r",
])("%s is none, and how one looks is said", (address) => {
  expect(() => placeOf(address)).toThrow(UsageError);
});

test("what AWS_ENDPOINT_URL names is asked, and who writes is known by their ARN", async () => {
  await using aws = await fakeAws();
  const store = openS3("s3://runs/team", { env: envOf(aws) });
  await store.put("a.json", bytes("1"));
  expect(aws.buckets.keys("runs")).toEqual(["team/a.json"]);
  expect(await store.list("")).toEqual(["a.json"]);
  expect(await store.caller?.()).toBe("arn:aws:sts::111122223333:assumed-role/dba/anna");
});

test("where AWS does not say who it is, nobody is known, and that is no error", async () => {
  await using aws = await fakeAws();
  aws.faults.plan("denied", ({ operation }) => operation === "GetCallerIdentity", 9);
  expect(await openS3("s3://runs", { env: envOf(aws) }).caller?.()).toBeUndefined();
});

test.each<[FaultKind, string, string]>([
  ["denied", "s3://runs: AWS denies it: AccessDenied", "other credentials"],
  ["expired", "s3://runs: the AWS credentials have expired", "aws sso login"],
  ["no-bucket", "s3://runs: there is no such bucket", "deploy-status"],
  ["key-denied", "s3://runs: the key does not open it", "kms:Decrypt"],
])("%s is a sentence with what mends it", async (kind, message, hint) => {
  await using aws = await fakeAws();
  aws.faults.plan(kind, undefined, 99);
  const store = openS3("s3://runs", { env: envOf(aws) });
  const error = await store.get("a.json").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});

test.each(["slow-down", "reset"] as const)(
  "%s that lasts is no mistake of its user",
  async (kind) => {
    await using aws = await fakeAws();
    aws.faults.plan(kind, undefined, 99);
    await expect(openS3("s3://runs", { env: envOf(aws) }).list("")).rejects.toBeInstanceOf(
      NoAnswer,
    );
  },
);

test("a bucket of another region is asked there, and no region at all is a sentence", async () => {
  await using aws = await fakeAws();
  aws.faults.plan("elsewhere", undefined, 1);
  const store = openS3("s3://runs", { env: envOf(aws) });
  expect(await store.list("")).toEqual([]);
  expect(aws.calls).toHaveLength(2);
});

describe("where nothing of AWS is set up", () => {
  beforeEach(() => {
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"]) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
  });
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ["credentials", { AWS_REGION: "eu-central-1" }, "s3://runs: there are no AWS credentials here"],
    [
      "a region",
      { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
      "s3://runs: no region is said",
    ],
  ])("the want of %s is a mistake that can be mended, said in a sentence", async (_, env, says) => {
    const error = await openS3("s3://runs", { env })
      .get("a")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: says });
  });
});

test("nobody at the endpoint is said by the place that was asked", async () => {
  const env = envOf({ endpoint: "http://127.0.0.1:1" });
  await expect(openS3("s3://runs", { env }).get("a")).rejects.toThrow(
    "s3://runs: AWS does not answer (ECONNREFUSED)",
  );
});

import { expect, test } from "vitest";
import { askKms, authorizationOf } from "../../../lib/adapters/aws/deployment/kms.ts";
import { fakeAws } from "../../support/aws/fake-aws.ts";

const signing = {
  ...{ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  ...{ region: "us-east-1", service: "service", at: new Date("2015-08-30T12:36:00Z") },
};

test("a request is signed as AWS's own example post-vanilla is", () => {
  const headers = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
  expect(authorizationOf(headers, "", signing)).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
      "SignedHeaders=host;x-amz-date, " +
      "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  );
});

test("a body and its type are signed with it, as the SDK signs them", () => {
  const headers = {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    "content-type": "application/x-amz-json-1.1",
  };
  expect(authorizationOf(headers, '{"KeyId":"k"}', signing)).toContain(
    "SignedHeaders=content-type;host;x-amz-date, Signature=a1845f2992a73334286827f1a7fecb10ec7dd043fa472cc072a82c324470be77",
  );
});

test("what KMS refuses carries AWS's own name of it, and nobody there is said as such", async () => {
  const gone = await fakeAws();
  await gone[Symbol.asyncDispose]();
  await using aws = await fakeAws();
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const env = { AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: "eu-central-1", ...keys };
  aws.rest.results.set("kms DescribeKey", { KeyMetadata: { KeyState: "Enabled" } });
  expect(await askKms("DescribeKey", { KeyId: "k" }, { env })).toEqual({
    KeyMetadata: { KeyState: "Enabled" },
  });
  aws.faults.plan("denied");
  await expect(askKms("DescribeKey", { KeyId: "k" }, { env })).rejects.toMatchObject({
    name: "AccessDenied",
    $metadata: { httpStatusCode: 403 },
  });
  const nowhere = { ...env, AWS_ENDPOINT_URL: gone.endpoint };
  await expect(askKms("DescribeKey", {}, { env: nowhere })).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
});

import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { Secrets, tokenLogin } from "../../../lib/adapters/aws/login.ts";
import { type FakeAws, fakeAws } from "../../support/aws/fake-aws.ts";

const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf";

const place = {
  host: "orders.c1ab.eu-central-1.rds.amazonaws.com",
  port: 5433,
  database: "orders",
  user: "pg vigil",
};

function secretsOf(aws: FakeAws, value?: string) {
  if (value !== undefined) aws.secrets.values.set(arn, value);
  const time = { now: Date.parse("2026-11-20T03:00:00Z") };
  const secrets = new Secrets(
    new SecretsManagerClient({ ...aws.client, maxAttempts: 2 }),
    () => new Date(time.now),
  );
  return { login: secrets.login(arn), time };
}

test("A secret of RDS gives role and password, one of somebody's own the password alone", async () => {
  await using aws = await fakeAws();
  const rds = secretsOf(aws, '{"username":"vigil","password":"a b","engine":"postgres"}');
  expect(await rds.login.credentials()).toEqual({ user: "vigil", password: "a b" });
  const own = secretsOf(aws, "s3cret\n");
  expect(await own.login.credentials()).toEqual({ password: "s3cret" });
  const digits = secretsOf(aws, "20261120");
  expect(await digits.login.credentials()).toEqual({ password: "20261120" });
});

test("It is asked for once in five minutes, and at once where it was refused", async () => {
  await using aws = await fakeAws();
  const { login, time } = secretsOf(aws, "first");
  await Promise.all([login.credentials(), login.credentials(), login.credentials()]);
  expect(aws.calls).toHaveLength(1);
  time.now += 299_000;
  await login.credentials();
  expect(aws.calls).toHaveLength(1);
  time.now += 2_000;
  await login.credentials();
  expect(aws.calls).toHaveLength(2);
  aws.secrets.values.set(arn, "second");
  login.forget?.();
  expect(await login.credentials()).toEqual({ password: "second" });
});

test("A secret that cannot be read says which, why and what to grant, and is asked for again", async () => {
  await using aws = await fakeAws();
  const { login } = secretsOf(aws);
  await expect(login.credentials()).rejects.toMatchObject({
    errorClass: "authentication",
    message: `the secret ${arn} cannot be read: ResourceNotFoundException`,
    hint: expect.stringContaining("secretsmanager:GetSecretValue"),
  });
  aws.secrets.values.set(arn, "now");
  expect(await login.credentials()).toEqual({ password: "now" });
});

test.each(["", "  ", "{}", '{"password":""}', '{"password":7}', "[]", "null"])(
  "A secret that is %j holds no password, and is not repeated",
  async (value) => {
    await using aws = await fakeAws();
    const { login } = secretsOf(aws, value);
    await expect(login.credentials()).rejects.toMatchObject({
      message: "the secret holds no password",
    });
  },
);

test("A token is signed here, for this role of this endpoint in its own region", async () => {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const login = tokenLogin({ place }, "us-east-1", { credentials });
  const { password } = await login.credentials();
  const url = new URL(`https://${password}`);
  expect(url.host).toBe("orders.c1ab.eu-central-1.rds.amazonaws.com:5433");
  expect(url.searchParams.get("DBUser")).toBe("pg vigil");
  expect(url.searchParams.get("X-Amz-Credential")).toContain("/eu-central-1/rds-db/");
  expect(url.searchParams.get("X-Amz-Expires")).toBe("900");
});

test("Without credentials of AWS there is no token, and a sentence", async () => {
  const credentials = () => Promise.reject(new Error("Could not load credentials"));
  const login = tokenLogin({ place }, undefined, { credentials });
  await expect(login.credentials()).rejects.toMatchObject({
    errorClass: "authentication",
    message: "no token could be signed: Could not load credentials",
  });
});

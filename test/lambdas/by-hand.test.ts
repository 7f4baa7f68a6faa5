import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";
import { pgvigil } from "../support/cli.ts";

const gone = "postgres://pgvigil@127.0.0.1:1/gone";

interface ByHand extends AsyncDisposable {
  readonly here: Deployment;
  type(...args: readonly string[]): ReturnType<typeof pgvigil>;
  check(): ReturnType<typeof pgvigil>;
}

/** A deployment whose one database does not answer, and somebody who looks from elsewhere. */
async function byHand(): Promise<ByHand> {
  const here = await deployment(configFor({ "production/gone": gone }));
  const cwd = await mkdtemp(join(tmpdir(), "pgvigil-by-hand-"));
  await writeFile(
    join(cwd, "pgvigil.config.yaml"),
    `schemaVersion: 1\nenvironments: { production: { targets: { gone: { url: "${gone}" } } } }\n`,
  );
  const SLACK_URL = "https://hooks.example.com/abc";
  const keys = { AWS_ACCESS_KEY_ID: "a-person", AWS_SECRET_ACCESS_KEY: "secret" };
  const env = {
    AWS_ENDPOINT_URL: here.aws.endpoint,
    AWS_REGION: "eu-central-1",
    SLACK_URL,
    ...keys,
  };
  const permits = here.aws.permits;
  here.aws.permits = (call) => call.who === "a-person" || permits(call);
  const type = (...args: readonly string[]) =>
    pgvigil([...args, "--store", "s3://vigil"], { cwd, env, now: here.now });
  return {
    here,
    type,
    check: () => type("check", "--profile", "pulse"),
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await rm(cwd, { recursive: true });
    },
  };
}

const minutes = (here: Deployment, count: number) => {
  here.now = new Date(here.now.getTime() + count * 60_000);
};

test("what the deployment told is not told again after a check by hand", async () => {
  await using place = await byHand();
  const { here, check } = place;
  await here.whole("pulse");
  minutes(here, 1);
  expect((await check()).code).toBe(6);
  const before = here.counted.length;
  await here.notify();
  expect(here.counted.slice(before), "a hand is no heartbeat").toEqual(["UnreachableTargets=1"]);
  minutes(here, 4);
  await here.whole("pulse");
  expect(here.mails()).toEqual([expect.stringContaining("[UNKNOWN] production/gone")]);
});

test("what a check by hand finds before the deployment ever looked is told once, by its next look", async () => {
  await using place = await byHand();
  const { here, check } = place;
  await check();
  await here.notify();
  minutes(here, 5);
  await here.whole("pulse");
  expect(here.mails()).toHaveLength(1);
});

test("beside the deployment's own look, it is told once", async () => {
  await using place = await byHand();
  const { here, check } = place;
  await here.tick("pulse");
  await Promise.all([check(), check(), here.examine("pulse").then(() => here.notify())]);
  await here.notify();
  minutes(here, 5);
  await here.whole("pulse");
  expect(here.mails()).toHaveLength(1);
});

test("the deployment takes a check by hand in, and tells at once what it finds", async () => {
  await using place = await byHand();
  const { here, check } = place;
  await here.whole("pulse");
  const key = "incidents/v1/production/gone.json";
  const before = here.aws.buckets.read("vigil", key);
  minutes(here, 1);
  await check();
  expect(here.aws.buckets.read("vigil", key)).toEqual(before);
  await here.notify();
  const { runs } = JSON.parse(new TextDecoder().decode(here.aws.buckets.read("vigil", key)));
  expect(runs).toHaveLength(2);
});

test("nobody tells of it by an outlet of their own, as whoever is on call would not hear of it", async () => {
  await using place = await byHand();
  const { here, type } = place;
  await here.whole("pulse");
  for (const command of ["check", "sweep", "digest"]) {
    const { code, stderr } = await type(command, "--webhook", "slack:SLACK_URL");
    expect([code, stderr], command).toEqual([
      5,
      expect.stringContaining(
        "--webhook: the deployment at s3://vigil tells of production/gone, by its own topics",
      ),
    ]);
  }
});

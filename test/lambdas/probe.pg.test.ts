import { expect, test } from "vitest";
import { examineHandler } from "../../lambdas/examine/handler.ts";
import type { World } from "../../lib/adapters/aws/lambda/world.ts";
import { probeReplySchema } from "../../lib/core/probe.ts";
import { type FakeAws, fakeAws } from "../support/aws/fake-aws.ts";
import { configFor } from "../support/aws/functions.ts";
import { quickly } from "../support/aws/quickly.ts";
import { testDatabase } from "../support/database.ts";

/** What the function of these targets answers, where it stands. */
async function probed(aws: FakeAws, targets: Readonly<Record<string, string>>) {
  const silent = () => undefined;
  const world: World = {
    env: { PGVIGIL_STORE: "s3://vigil", PGVIGIL_LANE: "pulse" },
    aws: { ...aws.client, retryStrategy: quickly(2) },
    clock: () => new Date(),
    log: { keys: silent, info: silent, warn: silent, error: silent },
    count: silent,
  };
  const config = configFor(targets, { limits: { connect: "500ms" } });
  const handler = examineHandler(world, config);
  const context = { getRemainingTimeInMillis: () => 60_000 } as never;
  const reply = await handler({ probe: { targets: Object.keys(targets) } }, context);
  return new Map(probeReplySchema.parse(reply).probed.map(({ target, steps }) => [target, steps]));
}

const said = (steps: readonly { name: string; ok: boolean }[] | undefined): string =>
  (steps ?? []).map(({ name, ok }) => `${name} ${ok ? "ok" : "FAIL"}`).join(", ");

test("Each target's way is gone to its end, or to the door that is closed", async () => {
  await using db = await testDatabase();
  await using aws = await fakeAws();
  const { name } = await db.role({});
  const wrong = new URL(db.url({ user: name }));
  wrong.password = "wrong";
  const steps = await probed(aws, {
    "production/well": db.url(),
    "production/nobody": "postgres://vigil@127.0.0.1:1/none",
    "production/misspelt": "postgres://vigil@no-such-host.invalid/none",
    "production/rotated": wrong.href,
  });
  expect(said(steps.get("production/well"))).toBe("DNS ok, TCP ok, TLS ok, login ok, S3 ok");
  expect(said(steps.get("production/nobody"))).toBe("DNS ok, TCP FAIL, S3 ok");
  expect(said(steps.get("production/misspelt"))).toBe("DNS FAIL, S3 ok");
  expect(said(steps.get("production/rotated"))).toBe("DNS ok, TCP ok, TLS ok, login FAIL, S3 ok");
  const [, , , login] = steps.get("production/rotated") ?? [];
  expect(login).toMatchObject({ errorClass: "authentication", hint: expect.stringMatching(/\w/) });
  expect(aws.buckets.keys("vigil")).toEqual(["cursors/v1/production/~probe.json"]);
  expect(JSON.stringify([...steps])).not.toContain("wrong");
});

test("A bucket that cannot be written is a step of its own, with what mends it", async () => {
  await using aws = await fakeAws();
  aws.faults.plan("denied", ({ operation }) => operation === "PUT", 9);
  const steps = await probed(aws, { "staging/orders": "postgres://vigil@127.0.0.1:1/none" });
  const s3 = steps.get("staging/orders")?.at(-1);
  expect(s3).toMatchObject({
    name: "S3",
    ok: false,
    hint: expect.stringContaining("gateway endpoint"),
  });
  expect(s3?.detail).toContain("AWS denies it");
});

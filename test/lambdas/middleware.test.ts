import { expect, test } from "vitest";
import { logError } from "../../lib/adapters/aws/lambda/log-error.ts";
import type { Log } from "../../lib/adapters/aws/lambda/world.ts";
import { NotTaken } from "../../lib/adapters/aws/order-queues.ts";
import { UnreadableDocument } from "../../lib/core/document.ts";
import { configFor, deployment } from "../support/aws/functions.ts";

const config = configFor({ "production/shop": "postgres://vigil:x@127.0.0.1:1/shop" });

test.each(["weekly", "watch"])(
  "a tick of no such profile (%s) is said, and nothing is done",
  async (profile) => {
    await using here = await deployment(config);
    await expect(here.tick(profile)).rejects.toMatchObject({ name: "StrangeEvent" });
    expect(here.lines).toMatchObject([
      { level: "error", message: "failed", more: { errorClass: "StrangeEvent" } },
    ]);
    expect(here.aws.calls).toEqual([]);
  },
);

test("a message that cannot be understood comes back, and the others are done", async () => {
  await using here = await deployment(config);
  await here.tick("pulse");
  here.aws.queues.send("pulse", "no order");
  await here.examine("pulse", { batchSize: 2 });
  expect(here.aws.queues.of("pulse").map(({ body }) => body)).toEqual(["no order"]);
  expect(await here.runs()).toHaveLength(1);
});

test.each([
  [new NotTaken("2 messages were not taken"), "warn"],
  [Object.assign(new Error("x"), { name: "ThrottlingException" }), "warn"],
  [Object.assign(new Error("x"), { $metadata: { httpStatusCode: 503 } }), "warn"],
  [Object.assign(new Error("x"), { code: "ECONNRESET" }), "warn"],
  [new AggregateError([Object.assign(new Error("x"), { code: "EPIPE" })]), "warn"],
  [new AggregateError([new Error("x")]), "error"],
  [new UnreadableDocument("targets/v1/a.json", "x"), "error"],
  [Object.assign(new Error("x"), { $metadata: { httpStatusCode: 403 } }), "error"],
])("what passes by itself is a warning, what somebody has to mend an error: %s", (error, level) => {
  const said: string[] = [];
  const line = (name: string) => () => void said.push(name);
  const log: Log = { keys() {}, info: line("info"), warn: line("warn"), error: line("error") };
  logError(log, error);
  expect(said).toEqual([level]);
});

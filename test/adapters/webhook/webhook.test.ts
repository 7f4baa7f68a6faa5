import { expect, test } from "vitest";
import { addressIn } from "../../../lib/adapters/webhook/address.ts";
import { webhook } from "../../../lib/adapters/webhook/outlet.ts";
import { post } from "../../../lib/adapters/webhook/post.ts";
import { type Message, Refused } from "../../../lib/core/alert.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { hookServer } from "./hook-server.ts";

const secret = "T024BE7LH-B0secret-xoxbXYZ";
const quick = { timeout: 300, tries: 3, pause: 1, longest: 50 };
const posting = { type: "application/json", body: '{"text":"é"}' };

const addressOf = (url: string) => addressIn("HOOK_URL", { HOOK_URL: `${url}/services/${secret}` });

const refusal = async (work: Promise<unknown>): Promise<Error> => {
  const error = await work.then(
    () => new Error("it was taken"),
    (why: unknown) => why,
  );
  if (!(error instanceof Error)) throw new Error("no error");
  return error;
};

test("a message arrives whole, once, as what it is", async () => {
  await using hook = await hookServer({ status: 200 });
  await post(posting, addressOf(hook.url), quick);
  expect(hook.received).toHaveLength(1);
  expect(hook.received[0]).toMatchObject({
    url: `/services/${secret}`,
    body: '{"text":"é"}',
    headers: { "content-type": "application/json", "user-agent": "pgvigil" },
  });
});

test.each([500, 502, 503, 429, 408])(
  "%i is busy: it is asked again, and takes it",
  async (status) => {
    await using hook = await hookServer({ status }, { status }, { status: 202 });
    await post(posting, addressOf(hook.url), quick);
    expect(hook.received).toHaveLength(3);
  },
);

test("a connection that breaks, and an answer that does not come, are asked again", async () => {
  await using hook = await hookServer("reset", "silence", { status: 200 });
  await post(posting, addressOf(hook.url), quick);
  expect(hook.received).toHaveLength(3);
});

test("Retry-After is obeyed, for as long as is bearable", async () => {
  await using hook = await hookServer(
    { status: 429, headers: { "retry-after": "3600" } },
    { status: 200 },
  );
  const started = performance.now();
  await post(posting, addressOf(hook.url), { ...quick, longest: 120 });
  expect(performance.now() - started).toBeGreaterThan(110);
  expect(hook.received).toHaveLength(2);
});

test("who stays busy is tried again another time: no refusal", async () => {
  await using hook = await hookServer({ status: 503, body: "down for maintenance" });
  const error = await refusal(post(posting, addressOf(hook.url), quick));
  expect(error).not.toBeInstanceOf(Refused);
  expect(error.message).toBe("HOOK_URL answers 503: down for maintenance");
  expect(hook.received).toHaveLength(3);
});

test.each([400, 409, 413, 422])("%i will never take it: refused at once", async (status) => {
  await using hook = await hookServer({ status, body: "invalid_payload" });
  const error = await refusal(post(posting, addressOf(hook.url), quick));
  expect(error).toBeInstanceOf(Refused);
  expect(error.message).toBe(`HOOK_URL answers ${status}: invalid_payload`);
  expect(hook.received).toHaveLength(1);
});

test.each([401, 403, 404])("%i: the address is wrong, the message is kept", async (status) => {
  await using hook = await hookServer({ status, body: "no_service" });
  const error = await refusal(post(posting, addressOf(hook.url), quick));
  expect(error).not.toBeInstanceOf(Refused);
  expect(error.message).toContain("Is the address right, and its key?");
  expect(hook.received).toHaveLength(1);
});

test("nobody is followed elsewhere with a secret address", async () => {
  await using other = await hookServer({ status: 200 });
  await using hook = await hookServer({ status: 307, headers: { location: other.url } });
  const error = await refusal(post(posting, addressOf(hook.url), quick));
  expect(error.message).toBe("HOOK_URL sends elsewhere (307): is the address right?");
  expect(other.received).toHaveLength(0);
});

test("no error says the address, whatever the answer repeats of it", async () => {
  const echo = `no such hook: /services/${secret}?x=1, key ${secret}`;
  for (const answer of [
    { status: 400, body: echo },
    { status: 404, body: echo },
    "reset",
  ] as const) {
    await using hook = await hookServer(answer);
    const error = await refusal(post(posting, addressOf(hook.url), quick));
    expect(error.message).not.toContain(secret);
    expect(error.message).toContain("HOOK_URL");
    expect(error.cause).toBeUndefined();
  }
  const closed = addressOf("http://127.0.0.1:9");
  const error = await refusal(post(posting, closed, quick));
  expect(error.message).toMatch(/^HOOK_URL does not answer: /);
  expect(error.message).not.toContain(secret);
});

test("an endless answer is not read to its end", async () => {
  await using hook = await hookServer({ status: 400, body: "x".repeat(5_000_000) });
  const error = await refusal(post(posting, addressOf(hook.url), quick));
  expect(error.message.length).toBeLessThan(300);
});

test("an address is https, or of this machine; a value that is none is not shown", () => {
  const env = (HOOK_URL: string) => ({ HOOK_URL });
  expect(addressIn("HOOK_URL", env("https://hooks.example/x")).url.href).toBe(
    "https://hooks.example/x",
  );
  for (const value of ["", "http://hooks.example/xoxbsecret", "xoxbsecret", "ftp://xoxbsecret"]) {
    const asked = () => addressIn("HOOK_URL", env(value));
    expect(asked).toThrow(UsageError);
    expect(asked).not.toThrow(/xoxbsecret/);
  }
});

test("PagerDuty is known by its routing key alone, or by one in the address", () => {
  const key = "R0123456789abcdefghijklmnopqrstu";
  const own = addressIn("PD", { PD: key });
  expect([own.url.href, own.key]).toEqual(["https://events.pagerduty.com/v2/enqueue", key]);
  const given = addressIn("PD", { PD: `http://127.0.0.1:1/v2/enqueue?routing_key=${key}` });
  expect([given.url.href, given.key]).toEqual(["http://127.0.0.1:1/v2/enqueue", key]);
});

test("an outlet sends what it wants and nothing else", async () => {
  await using hook = await hookServer({ status: 200 });
  const outlet = webhook(
    addressOf(hook.url),
    ({ topic }) => topic === "chat",
    ({ body }) => ({ type: "text/plain", body }),
    quick,
  );
  const message = (topic: Message["topic"]): Message => ({
    id: "1",
    topic,
    body: topic,
    attributes: {},
  });
  for (const topic of ["alerts", "chat", "page", "events"] as const)
    await outlet.send(message(topic));
  expect(hook.received.map(({ body }) => body)).toEqual(["chat"]);
  expect(outlet.name).toBe("webhook HOOK_URL");
});

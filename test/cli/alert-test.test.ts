import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hookServer } from "../adapters/webhook/hook-server.ts";
import { pgvigil } from "../support/cli.ts";

const key = "R0123456789abcdefghijklmnopqrstu";

async function place(config?: string) {
  const cwd = await mkdtemp(join(tmpdir(), "alert-test-"));
  if (config !== undefined) await writeFile(join(cwd, "pgvigil.config.yaml"), config);
  return { cwd, [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }) };
}

const configuration = `schemaVersion: 1
timezone: UTC
environments:
  production:
    targets:
      orders: { url: "postgres://pgvigil@localhost/orders" }
alerts:
  subscriptions:
    - { topic: alerts, email: dba@example.com }
    - { topic: alerts, httpsEnv: MAIL_HOOK, environment: [production] }
    - { topic: page, httpsEnv: PAGER, severity: [critical] }
    - { topic: events, httpsEnv: EVENTS, format: raw, check: ["locks/*"] }
`;

test("without flags every webhook of the configuration hears it, whatever it filters by", async () => {
  await using mail = await hookServer({ status: 200 });
  await using pager = await hookServer({ status: 202 });
  await using events = await hookServer({ status: 200 });
  await using at = await place(configuration);
  const env = {
    MAIL_HOOK: `${mail.url}/services/secret-hook`,
    PAGER: `${pager.url}/v2/enqueue?routing_key=${key}`,
    EVENTS: events.url,
  };
  const { code, stdout } = await pgvigil(["alert-test"], { cwd: at.cwd, env });
  expect(code).toBe(0);
  expect(stdout).toBe("sent to webhook MAIL_HOOK\nsent to webhook PAGER\nsent to webhook EVENTS\n");
  expect(JSON.parse(mail.received[0]?.body ?? "").text).toContain(
    "*[TEST] test/alert: This is a test: pgvigil can reach you here",
  );
  // Nobody has to close what a test opened.
  const actions = pager.received.map(({ body }) => JSON.parse(body));
  expect(actions.map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
  expect(new Set(actions.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  expect(JSON.parse(events.received[0]?.body ?? "").alert.status).toBe("test");
});

test("a folder and a webhook by flags; a second test is another message", async () => {
  await using hook = await hookServer({ status: 200 });
  await using at = await place();
  const args = ["alert-test", "--alerts", "out", "--webhook", "slack:HOOK"];
  const world = { cwd: at.cwd, env: { HOOK: hook.url } };
  expect((await pgvigil(args, world)).code).toBe(0);
  expect((await pgvigil(args, world)).code).toBe(0);
  const files = await readdir(join(at.cwd, "out"));
  const mails = files.filter((name) => name.endsWith(".mail.txt"));
  expect(mails).toHaveLength(2);
  const text = await readFile(join(at.cwd, "out", mails[0] ?? ""), "utf8");
  expect(text).toContain("Nothing is wrong");
  expect(hook.received).toHaveLength(2);
});

test("who does not take it is named, and the exit code says so", async () => {
  await using hook = await hookServer({ status: 404, body: "no_service" });
  await using at = await place();
  const { code, stderr, stdout } = await pgvigil(
    ["alert-test", "--alerts", "out", "--webhook", "HOOK"],
    { cwd: at.cwd, env: { HOOK: `${hook.url}/services/secret-hook` } },
  );
  expect(code).toBe(6);
  expect(stdout).toMatch(/^sent to folder .*out\n$/);
  expect(stderr).toContain("webhook HOOK: HOOK answers 404: no_service.");
  expect(stderr).not.toContain("secret-hook");
});

test.each([
  [["alert-test"], "names no webhook"],
  [["alert-test", "--webhook", "https://hooks.slack.com/services/secret-hook"], "FORMAT:NAME"],
  [["alert-test", "--webhook", "teams:HOOK"], "FORMAT:NAME"],
  [["alert-test", "--webhook", "slack:NOT_SET"], "NOT_SET is not set"],
  [["alert-test", "--webhook", "pagerduty:HOOK"], "no routing key"],
])("%s: %s", async (args, says) => {
  await using at = await place();
  const env = { HOOK: "https://hooks.example/secret-hook" };
  const { code, stderr } = await pgvigil(args, { cwd: at.cwd, env });
  expect(code).toBe(5);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain("secret-hook");
});

test("a digest says how many were looked at, is sent, and is told once", async () => {
  await using at = await place(`${configuration}  digest: "0 8 * * *"\nstore: ./store\n`);
  const world = { cwd: at.cwd, now: new Date("2026-11-20T08:01:00Z") };
  const printed = await pgvigil(["digest"], world);
  expect(printed.stdout).toMatch(/^0 of 1 looked at; no blind spots\n/);
  expect((await pgvigil(["digest", "--format", "json"], world)).stdout).toContain(
    '"isUnseen": true',
  );
  expect((await pgvigil(["digest", "--format", "markdown"], world)).stdout).toContain("## 0 of 1");

  const sent = await pgvigil(["digest", "--alerts", "out"], world);
  expect([sent.code, sent.stdout]).toEqual([0, ""]);
  const names = await readdir(join(at.cwd, "out"));
  expect(names.map((name) => name.replace(/-[0-9a-f]+/, ""))).toEqual([
    "0001.chat.json",
    "0001.mail.txt",
  ]);
  const later = await pgvigil(["digest"], { ...world, now: new Date("2026-11-20T15:00:00Z") });
  expect(later.stdout).toContain("Since 08:01 UTC 0 began, 0 ended.");
});

test("a run that is judged again tells nobody", async () => {
  await using at = await place();
  const asked = ["check", "--replay", "run.json", "--alerts", "out"];
  const { code, stderr } = await pgvigil(asked, { cwd: at.cwd });
  expect(code).toBe(5);
  expect(stderr).toContain("nobody is told of it");
});

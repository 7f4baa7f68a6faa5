import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hookServer } from "../adapters/webhook/hook-server.ts";
import { pgvigil } from "../support/cli.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { commandsIn, shellWords, sqlIn } from "../support/paste.ts";
import { until } from "../support/until.ts";

interface Place extends AsyncDisposable {
  readonly cwd: string;
  alerts(): Promise<readonly string[]>;
  mail(number: number): Promise<string>;
}

/** A folder with a configuration of one target, whose sessions may not be idle for long. */
async function place(db: TestDatabase, more = ""): Promise<Place> {
  const cwd = await mkdtemp(join(tmpdir(), "alerts-cli-"));
  const url = new URL(db.url());
  url.password = "";
  await writeFile(
    join(cwd, "pgvigil.config.yaml"),
    `schemaVersion: 1
timezone: UTC
store: ./store
environments:
  test:
    auth: { passwordEnv: VIGIL_PASSWORD }
    targets:
      shop: { url: "${url.href}", owner: payments }
checks:
  activity/idle-in-transaction: { warning: 10ms, critical: 20ms }
owners:
  payments: { contact: "#payments" }
${more}`,
  );
  const alerts = async () =>
    (await readdir(join(cwd, "alerts")).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    cwd,
    alerts,
    async mail(number) {
      const start = String(number).padStart(4, "0");
      const name = (await alerts()).find((n) => n.startsWith(start) && n.endsWith(".mail.txt"));
      return name === undefined ? "" : readFile(join(cwd, "alerts", name), "utf8");
    },
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }),
  };
}

const only = ["--only", "activity/idle-in-transaction"];

async function idler(db: TestDatabase) {
  const client = await db.connect({ application_name: "billing-worker" });
  await client.query("BEGIN; SELECT 1");
  await until(async () => {
    const [row] = await db.sql(
      `SELECT 1 FROM pg_stat_activity
        WHERE application_name = 'billing-worker' AND datname = current_database()
          AND clock_timestamp() - state_change > interval '50 ms'`,
    );
    return row !== undefined;
  });
  return client;
}

test("what begins is told once, each of its commands works as pasted, and its end is told", async () => {
  await using db = await testDatabase();
  await using at = await place(db);
  const env = { VIGIL_PASSWORD: db.server.password };
  const check = () => pgvigil(["check", "--alerts", "alerts", ...only], { cwd: at.cwd, env });

  expect((await check()).code).toBe(0);
  expect(await at.alerts()).toEqual([]);

  const client = await idler(db);
  const gone = new Promise((resolve) => client.once("end", resolve));
  expect((await check()).code).toBe(1);
  const kinds = (await at.alerts()).map((name) => name.replace(/^(\d+)-\w+/, "$1"));
  expect(kinds).toEqual(["0001.mail.txt", "0002.chat.json", "0002.event.json", "0002.page.json"]);
  const mail = await at.mail(1);
  expect(mail).toMatch(/^Subject: \[CRITICAL\] test\/shop: \w+ sits idle in a transaction for /);
  expect(mail).toContain("Ask the owner to commit or roll back: payments, #payments\n");

  await check();
  expect(await at.alerts()).toHaveLength(4);

  for (const command of commandsIn(mail)) {
    const [, , ...words] = shellWords(command, env);
    const { code, stderr } = await pgvigil(words, { cwd: at.cwd, env });
    expect([0, 1], `${command}\n${stderr}`).toContain(code);
  }
  const pasted = sqlIn(mail);
  expect(pasted.at(-1)).toContain("pg_terminate_backend");
  for (const sql of pasted) await db.sql(sql);
  await gone;

  expect((await check()).code).toBe(0);
  const resolved = await at.mail(3);
  expect(resolved).toMatch(/^Subject: \[RESOLVED\] test\/shop after \d+ s: /);
  expect(resolved.split("\n\n")[1]?.trimEnd().split("\n")).toHaveLength(8);
});

test("a database by its URL: commands say the variable, and no password is anywhere", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using at = await place(db);
  const role = await db.role({ grants: ["pg_monitor"] });
  const env = { DATABASE_URL: db.url({ user: role.name }) };
  const check = () =>
    pgvigil(
      [
        ...["check", "--url", env.DATABASE_URL, "--store", "own", "--alerts", "alerts"],
        ...["--only", "constraints/disabled-trigger"],
      ],
      { cwd: at.cwd, env },
    );
  await check();
  await db.sql(`ALTER TABLE orders ADD PRIMARY KEY (id);
                CREATE TABLE lines (order_id int REFERENCES orders);
                ALTER TABLE lines DISABLE TRIGGER ALL`);
  await check();
  const mail = await at.mail(1);
  expect(mail).toMatch(/^Subject: \[CRITICAL\] adhoc\/test_/);
  const commands = commandsIn(mail);
  expect(commands.join("\n")).toContain('--url "$DATABASE_URL" --store own');
  for (const command of commands) {
    const [, , ...words] = shellWords(command, env);
    const { code, stderr } = await pgvigil(words, { cwd: at.cwd, env });
    expect([0, 1], `${command}\n${stderr}`).toContain(code);
  }
  for (const sql of sqlIn(mail).slice(0, 1)) await db.sql(sql);
  await check();
  expect(await at.mail(3)).toMatch(/^Subject: \[RESOLVED\]/);
  for (const name of await at.alerts()) {
    expect(await readFile(join(at.cwd, "alerts", name), "utf8")).not.toContain(role.password);
  }
});

test("alerts without a store have no past to tell from", async () => {
  const asked = ["check", "--url", "postgres://localhost/x", "--alerts", "alerts"];
  const { code, stderr } = await pgvigil(asked, { cwd: tmpdir() });
  expect(code).toBe(5);
  expect(stderr).toContain("--store DIR");
});

test("webhooks hear what they subscribed to, each in its own shape", async () => {
  await using db = await testDatabase();
  await using slack = await hookServer({ status: 200 });
  await using pager = await hookServer({ status: 202 });
  await using other = await hookServer({ status: 200 });
  await using at = await place(
    db,
    `alerts:
  subscriptions:
    - { topic: chat, httpsEnv: SLACK_URL }
    - { topic: page, httpsEnv: PAGER_URL, severity: [critical] }
    - { topic: events, httpsEnv: OTHER_URL, environment: [test], check: ["locks/*"] }
`,
  );
  const env = {
    VIGIL_PASSWORD: db.server.password,
    SLACK_URL: `${slack.url}/services/secret`,
    PAGER_URL: `${pager.url}/v2/enqueue?routing_key=R0123456789abcdefghijklmnopqrstu`,
    OTHER_URL: other.url,
  };
  await idler(db);
  await pgvigil(["check", "--send", "--webhook", "raw:OTHER_URL", ...only], { cwd: at.cwd, env });
  expect(slack.received.map(({ body }) => JSON.parse(body).text)).toEqual([
    expect.stringMatching(/^\*:red_circle: test\/shop: /),
  ]);
  expect(pager.received.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
    [
      "/v2/enqueue",
      expect.objectContaining({
        event_action: "trigger",
        routing_key: "R0123456789abcdefghijklmnopqrstu",
        dedup_key: expect.stringMatching(/^[0-9a-f]{16}$/),
      }),
    ],
  ]);
  // By the flag alone: the subscription asks for locks.
  expect(other.received.map(({ body }) => JSON.parse(body).alert.check)).toEqual([
    "activity/idle-in-transaction",
  ]);
});

test("what a webhook does not take now is kept, and sent by the next sweep", async () => {
  await using db = await testDatabase();
  await using hook = await hookServer({ status: 403, body: "wrong key" }, { status: 200 });
  await using at = await place(db);
  const env = { VIGIL_PASSWORD: db.server.password, HOOK_URL: hook.url };
  await idler(db);
  const flags = ["--webhook", "slack:HOOK_URL"];
  const first = await pgvigil(["check", ...flags, ...only], { cwd: at.cwd, env });
  expect(first.stderr).toContain("webhook HOOK_URL: HOOK_URL answers 403: wrong key.");
  expect(first.stderr).toContain("it will be tried again");
  await pgvigil(["sweep", ...flags], { cwd: at.cwd, env });
  expect(hook.received).toHaveLength(2);
  await pgvigil(["sweep", ...flags], { cwd: at.cwd, env });
  expect(hook.received).toHaveLength(2);
});

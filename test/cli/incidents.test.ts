import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderStore } from "../../lib/adapters/local/folder-store.ts";
import { notify } from "../../lib/incidents/notify.ts";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { at, blind, found, passed, policy, runAt, target } from "../incidents/fleet.ts";
import { pgvigil } from "../support/cli.ts";

const locks = "locks/blocking-chain";
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const configuration = `
schemaVersion: 1
store: ./store
environments:
  production:
    targets:
      orders: { url: "postgres://vigil@localhost:1/orders", owner: payments }
owners:
  payments: { contact: "#payments" }
`;

/** A folder with a configuration, and a store in which two incidents are open. */
async function folder() {
  const cwd = await mkdtemp(join(tmpdir(), "pgvigil-incidents-"));
  folders.push(cwd);
  await writeFile(join(cwd, "pgvigil.config.yaml"), configuration);
  const store = folderStore(join(cwd, "store"));
  const how = { store, policyOf: () => policy(), clock: () => new Date(at(60)) };
  await notify(runAt(0, [passed(locks), passed("indexes/invalid")]), how);
  const measure = { value: 14, unit: "count" as const, of: "sessions waiting" };
  const chain = { summary: "14 sessions wait | <b>here</b>", measure };
  await notify(runAt(5, [found(locks, { "public.invoices": chain })]), how);
  await notify(runAt(10, [found("indexes/invalid", { "public.b": "warning" })]), how);
  const run = (...args: string[]) =>
    pgvigil([...args, "--store", "store"], { cwd, now: new Date(at(60)) });
  return { cwd, store, run };
}

test("what is open is listed, the worst first, with what commands take", async () => {
  const { run } = await folder();
  const { code, stdout } = await run("incidents");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^[0-9a-f]{8} {2}CRITICAL {2}production\/orders {2}locks\/blocking-chain\n +14 sessions wait .*\n +since 2026-11-20 12:05 UTC, open\n[0-9a-f]{8} {2}WARNING/,
  );
  expect(stdout).toContain("2 incidents");
  const rows: { severity: string }[] = JSON.parse(
    (await run("incidents", "--format", "json")).stdout,
  );
  expect(rows.map(({ severity }) => severity).sort()).toEqual(["critical", "warning"]);
  expect((await run("incidents", "--environment", "production")).stdout).toBe(stdout);
  expect((await run("incidents", "--target", "production/nowhere")).code).toBe(5);
});

test("an incident is acknowledged by the head of its fingerprint, with a reason and an end", async () => {
  const { run, store } = await folder();
  const { stdout } = await run("incidents");
  const prefix = stdout.slice(0, 6);
  expect(await run("ack", prefix, "--for", "2h")).toMatchObject({ code: 5 });
  expect(await run("ack", prefix, "--why", "at it")).toMatchObject({ code: 5 });
  expect(await run("ack", "abc", "--for", "2h", "--why", "x")).toMatchObject({ code: 5 });
  expect(await run("ack", "000000", "--for", "2h", "--why", "x")).toMatchObject({ code: 5 });
  const done = await run("ack", prefix, "--for", "2h", "--why", "at it", "--by", "ada");
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("until 2026-11-20 15:00 UTC"),
  });
  expect((await run("incidents")).stdout).toContain(
    "acknowledged by ada until 2026-11-20 15:00 UTC: at it",
  );
  const unack = () => run("unack", prefix, "--by", "ada");
  expect(await unack()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(": told again from now on"),
  });
  expect(await unack()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(": nobody had acknowledged or adopted it; nothing changed"),
  });
  const incidents = Object.values((await loadIncidents(store, target))?.incidents ?? {});
  expect(incidents.every(({ ack }) => ack === undefined)).toBe(true);
});

test("adopt of what nobody knows says so: a name that was misspelt silences nothing", async () => {
  const { run, cwd } = await folder();
  await rm(join(cwd, "pgvigil.config.yaml"));
  const { code, stderr } = await run("adopt", "--target", "staging/*", "--why", "old");
  expect(code).toBe(5);
  expect(stderr).toContain("no target of that name has incidents");
});

test("adopt marks what is open as known, and wants to be told what", async () => {
  const { run } = await folder();
  expect((await run("adopt", "--why", "old")).code).toBe(5);
  const { stdout } = await run("adopt", "--target", "production/*", "--why", "old", "--by", "ada");
  expect(stdout).toBe("production/orders: 2 incidents known from now on\n");
  expect((await run("incidents")).stdout).toContain("known, by ada: old");
});

test("an incident is shown as the skeleton of a post-mortem that nothing breaks out of", async () => {
  const { run } = await folder();
  const prefix = (await run("incidents")).stdout.slice(0, 8);
  const { stdout } = await run("incidents", "show", prefix, "--format", "markdown");
  expect(stdout).toContain("# 14 sessions wait \\| &lt;b&gt;here&lt;/b&gt;");
  expect(stdout).toContain("| 2026-11-20 12:05:00 | found critical |");
  expect(stdout).toContain("sessions waiting: 12:05 14");
  expect(stdout).toContain("| Owner | payments, ");
  expect(stdout).toContain("## Root cause");
  expect((await run("incidents", "show")).code).toBe(5);
});

test("what a check cannot say is listed, and accepted the same way", async () => {
  const { run, store } = await folder();
  const how = { store, policyOf: () => policy(), clock: () => new Date(at(60)) };
  for (const minute of [20, 25]) await notify(runAt(minute, [blind("capacity/connections")]), how);
  const [, prefix = ""] =
    /([0-9a-f]{8}) {2}WARNING {3}production\/orders {2}capacity\/connections/.exec(
      (await run("incidents")).stdout,
    ) ?? [];
  await run("ack", prefix, "--for", "30d", "--why", "no superuser", "--by", "ada");
  expect((await run("incidents")).stdout).toContain("unknown, accepted by ada: no superuser");
});

test("a sweep asks no database, and needs a store", async () => {
  const { run, cwd } = await folder();
  expect(await run("sweep")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  const none = await pgvigil(["sweep"], { cwd: tmpdir() });
  expect(none).toMatchObject({ code: 5, stderr: expect.stringContaining("--store DIR") });
  expect((await pgvigil(["incidents"], { cwd, now: new Date(at(60)) })).stdout).toContain(
    "2 incidents",
  );
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY);
  CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers);
  INSERT INTO customers SELECT generate_series(1, 100);
  INSERT INTO orders SELECT i, i FROM generate_series(1, 100) i;`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "watch-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("a trigger is off for a while: told with its times by a watch that looks every second", async () => {
  await using db = await testDatabase({ sql: shop });
  const at = ["--url", db.url(), "--store", await folder()];
  const watch = async (...words: readonly string[]) =>
    (await pgvigil(["watch", ...words, ...at])).stdout;
  const going = pgvigil(["watch", "run", ...at, "--deploy", "release-41", "--phases", "1s/1min"]);
  await until(async () => (await watch("status")).includes("[PASS] Constraints"));
  await db.sql("ALTER TABLE orders DISABLE TRIGGER ALL");
  await until(async () => (await watch("status")).includes("[FAIL] Constraints"));
  await db.sql("ALTER TABLE orders ENABLE TRIGGER ALL");
  await until(async () => (await watch("status")).includes("came and went"));
  await watch("stop", "--by", "anna");
  const { code, stdout, stderr } = await going; // it notices
  expect(stderr).toBe("");
  // Unknown where the machine was so busy that half of the looks were missed.
  expect(stdout).toMatch(/: release-41: (healthy, with notes|unknown)\nthe watch was stopped/);
  expect(stdout).toMatch(/\[PASS\] Constraints: .*no trigger is off.*; 1 finding came and went/);
  expect(stdout).toMatch(/constraints\/disabled-trigger, \d{4}-.* UTC to \d{4}-.* UTC, \d looks?/);
  expect([0, 6]).toContain(code);
  const signOff = await watch("status", "--format", "markdown");
  expect(signOff).toMatch(/^# Sign-off: release-41 on adhoc/);
  expect(signOff).toContain(
    "| critical | Not enforced: foreign key orders_customer_fkey on public.orders",
  );
  expect(signOff).toContain("As it was before.");
});

test("the look that is due, for cron; and whoever stops it is named", async () => {
  await using db = await testDatabase({ sql: shop });
  const at = ["--url", db.url(), "--store", await folder()];
  const noon = Date.parse("2026-11-20T12:00:00Z");
  const say = (words: string, minutes: number) =>
    pgvigil(["watch", ...words.split(" "), ...at], { now: new Date(noon + minutes * 60_000) });
  expect((await say("run --once", -10)).stderr).toMatch(/no watch is open/);
  expect((await say("prepare", -5)).stdout).toMatch(/prepared, baseline of .* WAL position/);
  expect((await say("run --once", -4)).stderr).toMatch(/prepared, not yet deployed/);
  expect((await say("start --deploy r41 --by ci", 0)).stdout).toMatch(
    /r41 is under watch until 2026-11-22 12:00 UTC/,
  );
  expect((await say("start --deploy r41", 1)).stdout).toMatch(/under watch already/);
  expect((await say("run --once", 2)).stderr).toMatch(/nothing is due before .*12:05/);
  expect((await say("run --once", 6)).stdout).toMatch(/ 2\/57 {2}healthy so far/);
  await db.sql("ALTER TABLE orders DISABLE TRIGGER ALL");
  const ill = await say("run --once", 31);
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(/ 3\/57 {2}not healthy so far, \d open findings?/);
  const stopped = await say("stop --by anna --why rollback", 32);
  expect(stopped.code).toBe(1);
  expect(stopped.stdout).toMatch(/the watch was stopped 2026-11-20 12:32 UTC by anna: rollback/);
  expect(stopped.stdout).toMatch(/\[\?{4}\] Looks: 4 of 7 were missed/);
  expect((await say("status --format markdown", 40)).stdout).toMatch(
    /\| Execution time \| 5 min \(from prepare to start\) \|/,
  );
});

test("Ctrl-C prints where it stands, and leaves the watch open", async () => {
  await using db = await testDatabase({ sql: shop });
  const at = ["--url", db.url(), "--store", await folder()];
  const interruption = new AbortController();
  const going = pgvigil(["watch", "run", ...at, "--deploy", "r41"], {
    signal: interruption.signal,
  });
  await until(async () => (await pgvigil(["watch", "status", ...at])).stdout.includes("[PASS]"));
  interruption.abort();
  const { code, stdout, stderr } = await going;
  expect(code).toBe(130);
  expect(stdout).toMatch(/under watch since .*\n1 of 57 looks taken, next /);
  expect(stderr).toMatch(/The watch is open still. Go on: pgvigil watch run --url/);
});

test("on a terminal it is drawn in place, on a screen of its own that it leaves again", async () => {
  await using db = await testDatabase({ sql: shop });
  const going = await pgvigil(
    ["watch", "run", "--url", db.url(), "--deploy", "r41", "--phases", "1500ms/3s"],
    { terminal: true, env: { NO_COLOR: "1" } },
  );
  const [before, screen = "", after = ""] = going.stdout.split(/\u001b\[\?1049[hl]/);
  expect(before).toBe("");
  expect(screen.split("\u001b[H").length).toBeGreaterThan(3);
  expect(screen).toMatch(/1 of 3 looks taken/);
  expect(screen).toMatch(/next look in \d s; Ctrl-C leaves the watch open/);
  expect(after).toMatch(/ of 3 looks taken/);
});

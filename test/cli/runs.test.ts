import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { folderStore } from "../../lib/adapters/local/folder-store.ts";
import type { Store } from "../../lib/core/ports.ts";
import { keepRun } from "../../lib/run/keep-run.ts";
import { at, found, passed, runAt } from "../incidents/fleet.ts";
import { checkout } from "../support/aws/deployment.ts";
import { pgvigil } from "../support/cli.ts";

const staging = { environment: "staging", name: "orders" };

/** Thirty pulses, a nightly run of yesterday and one of three weeks ago, and a damaged one. */
async function fill(store: Store): Promise<void> {
  const day = 24 * 60;
  const nightly = (minutes: number) =>
    runAt(minutes, [found("indexes/invalid", { "public.b": "warning" })], { profile: "nightly" });
  const runs = [nightly(-day), nightly(-21 * day)];
  for (let i = 0; i < 30; i += 1) {
    const of = i % 10 === 0 ? staging : { environment: "production", name: "orders" };
    runs.push(runAt(i, [passed("locks/blocking-chain")], { profile: "pulse", of }));
  }
  for (const document of runs) {
    const stamp = document.run.startedAt.replace(/[-:]|\.\d+/g, "");
    const environment = document.reports[0]?.target.environment;
    const id = `${stamp}-${environment}=5f2c9a01-${document.run.profile}-0`;
    await keepRun(store, { ...document, run: { ...document.run, id } });
  }
  const damaged = "runs/v1/profile=hourly/date=2026-11-20/20261120T120000Z-hourly-dead.json.gz";
  await store.put(damaged, new TextEncoder().encode("no gzip"));
}

describe.each(["a folder", "a bucket"])("runs of %s", (kind) => {
  async function filled() {
    if (kind === "a bucket") {
      const place = await checkout(undefined);
      onTestFinished(() => place[Symbol.asyncDispose]());
      place.aws.buckets.pageSize = 1000;
      await fill(place.store);
      return (...args: string[]) => place.run(...args, "--store", "s3://runs");
    }
    const cwd = await mkdtemp(join(tmpdir(), "pgvigil-runs-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    await fill(folderStore(cwd));
    const now = new Date(at(60));
    return (...args: string[]) => pgvigil([...args, "--store", cwd], { cwd: "/", now });
  }

  test("are listed newest first, narrowed, and shown as check prints them", async () => {
    const run = await filled();
    const newest = await run("runs");
    expect(newest.code).toBe(0);
    const ids = newest.stdout.split("\n").filter((line) => line.startsWith("  2026"));
    expect(ids).toHaveLength(20);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(newest.stdout).toMatch(
      /^2026-11-20 12:29 UTC {2}pulse {4}production\/orders: healthy, 1 check passed\n {2}20261120T122900Z-/,
    );
    const ofStaging = await run("runs", "--target", "staging/orders", "--since", "25h");
    expect(ofStaging.stdout.match(/staging=5f2c9a01/g)).toHaveLength(3);
    const nightly = await run("runs", "--profile", "nightly", "--format", "json");
    expect(JSON.parse(nightly.stdout)).toMatchObject([
      { profile: "nightly", startedAt: at(-24 * 60), targets: [{ verdict: "findings" }] },
      { startedAt: at(-21 * 24 * 60) },
    ]);
    const since = await run("runs", "--profile", "nightly", "--since", "2026-11-19");
    expect(since.stdout.match(/nightly-0/g)).toHaveLength(1);
    const damaged = await run("runs", "--profile", "hourly");
    expect(damaged.stderr).toContain("20261120T120000Z-hourly-dead.json.gz cannot be read");
    expect(damaged.stderr).toContain("no such run");
    expect(damaged.code).toBe(6);

    const shown = await run("runs", "show", "20261119T120000Z");
    expect(shown.stdout).toContain("public.b is warning");
    const json = await run("runs", "show", "20261119T120000Z", "--format", "json");
    expect(JSON.parse(json.stdout).run.profile).toBe("nightly");
    for (const [args, says] of [
      [["show"], "which run?"],
      [["show", "20261120T1"], "fits several runs"],
      [["show", "202611"], "there is no run 202611"],
      [["show", "20261120/../../../x"], "there is no run"],
      [["show", "19990101"], "there is no run 19990101"],
      [["--since", "yesterday"], "neither a duration nor a time"],
      [["--format", "sarif"], "a list is text or json"],
    ] as const) {
      const refused = await run("runs", ...args);
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain(says);
    }
  });
});

test("without a store it says how to name one", async () => {
  const { code, stderr } = await pgvigil(["runs"], { cwd: "/" });
  expect(code).toBe(5);
  expect(stderr).toContain("--store s3://bucket");
});

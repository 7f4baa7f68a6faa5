import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notify } from "../../lib/incidents/notify.ts";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { keepRun } from "../../lib/run/keep-run.ts";
import { loadBaseline } from "../../lib/schema/baseline.ts";
import { canonicalVersion } from "../../lib/schema/fact.ts";
import { snapshotKey } from "../../lib/schema/stored.ts";
import { newestWatch } from "../../lib/watch/keep.ts";
import { sourcesOf } from "../guards/sources.ts";
import { at, found, passed, policy, runAt, target } from "../incidents/fleet.ts";
import { type Checkout, checkout } from "../support/aws/deployment.ts";

const configuration = `
schemaVersion: 1
store: s3://runs
environments:
  production:
    auth: { iam: { resourceId: db-ABCDEFGHIJKL } }
    targets:
      orders: { url: "postgres://vigil@orders.c1ab.eu-central-1.rds.amazonaws.com/orders" }
aws: { region: eu-central-1 }
`;

const arn = "arn:aws:sts::111122223333:assumed-role/dba/anna";

/** A bucket in which an incident is open. */
async function deployed(): Promise<Checkout> {
  const place = await checkout(configuration);
  const how = { store: place.store, policyOf: () => policy(), clock: () => new Date(at(60)) };
  await notify(runAt(0, [passed("indexes/invalid")]), how);
  await notify(runAt(5, [found("indexes/invalid", { "public.b": "warning" })]), how);
  return place;
}

test("incidents of a deployment are listed and acknowledged from here, by one's ARN", async () => {
  await using place = await deployed();
  const { code, stdout } = await place.run("incidents");
  expect(code).toBe(0);
  expect(stdout).toContain("production/orders  indexes/invalid");
  const [digits = ""] = stdout.split(" ");
  const acked = await place.run("ack", digits, "--for", "2h", "--why", "being rebuilt");
  expect(acked).toMatchObject({ code: 0, stderr: "" });
  const document = await loadIncidents(place.store, target);
  const [incident] = Object.values(document?.incidents ?? {});
  expect(incident?.ack).toMatchObject({ by: arn, why: "being rebuilt" });
});

test("--store wins over the configuration, and a prefix is a store of its own", async () => {
  await using place = await deployed();
  const { stdout } = await place.run("incidents", "--store", "s3://runs/other");
  expect(stdout).toBe("No incident is open.\n");
});

test("watch start writes what the deployment reads at its next tick, and asks no database", async () => {
  await using place = await deployed();
  const { code, stdout } = await place.run("watch", "start", "--deploy", "release-41");
  expect(code).toBe(0);
  expect(stdout).toContain("The deployment looks: at its next tick");
  const watch = await newestWatch(place.store, target);
  expect(watch).toMatchObject({ state: "open", deploy: "release-41", by: arn });
  expect((await place.run("watch", "start", "--deploy", "release-41")).stdout).toContain(
    "is under watch already",
  );
  const stopped = await place.run("watch", "stop", "--why", "rolled back", "--by", "ada");
  expect(stopped.stdout).toContain("rolled back");
  expect((await newestWatch(place.store, target))?.closing).toMatchObject({ by: "ada" });
});

test("seal --last approves what the last look saw, where the database is out of reach", async () => {
  await using place = await deployed();
  const early = await place.run("seal", "--last", "--why", "reviewed");
  expect(early.code).toBe(5);
  expect(early.stderr).toContain("nobody looked at the whole schema of production/orders yet");
  const checksum = `sha256:${"ab".repeat(32)}`;
  const memory = {
    ...{ checksum, canonical: canonicalVersion, at: at(5), systemIdentifier: "7" },
  };
  await keepRun(place.store, runAt(5, [{ ...passed("schema/drift-from-last"), memory }]));
  const gone = await place.run("seal", "--last", "--why", "reviewed");
  expect(gone.stderr).toContain("is not in s3://runs any more");
  await place.store.put(snapshotKey(checksum), new Uint8Array(1));
  const { code, stdout } = await place.run("seal", "--last", "--why", "reviewed");
  expect(code).toBe(0);
  expect(stdout).toBe(
    `sealed production/orders ${checksum}, as looked at on 2026-11-20 12:05 UTC, by ${arn}\n`,
  );
  const baseline = await loadBaseline(place.store, target);
  expect(baseline?.history).toMatchObject([{ checksum, by: arn, why: "reviewed" }]);
});

test("what is sealed from here is locked where the deployment locks it", async () => {
  await using place = await deployed();
  const locked = `${configuration.replace("aws: {", "aws: { objectLock: { mode: governance, days: 30 },")}`;
  await writeFile(join(place.cwd, "pgvigil.config.yaml"), locked);
  const checksum = `sha256:${"cd".repeat(32)}`;
  const memory = { checksum, canonical: canonicalVersion, at: at(5), systemIdentifier: "7" };
  await keepRun(place.store, runAt(5, [{ ...passed("schema/drift-from-last"), memory }]));
  await place.store.put(snapshotKey(checksum), new Uint8Array(1));
  expect((await place.run("seal", "--last", "--why", "reviewed")).code).toBe(0);
  const sealed = "runs/baselines/v1/production/orders.json";
  expect([...place.aws.buckets.locks]).toEqual([[sealed, "GOVERNANCE"]]);
});

test.each([
  ["denied", 5, "s3://runs: AWS denies it"],
  ["no-bucket", 5, "s3://runs: there is no such bucket"],
  ["key-denied", 5, "s3://runs: the key does not open it"],
  ["slow-down", 6, "s3://runs: AWS answers SlowDown"],
] as const)("a bucket that answers %s is one sentence, exit code %i", async (kind, code, says) => {
  await using place = await deployed();
  place.aws.faults.plan(kind, undefined, 99);
  const told = await place.run("incidents");
  expect(told).toMatchObject({ code, stdout: "" });
  expect(told.stderr).toContain(says);
  expect(told.stderr).not.toMatch(/\n\s+at |fault of pgvigil/);
});

test.each(["s3://", "s3://Not_A_Bucket", "s3://runs/../x"])(
  "--store %s is refused before anybody is asked",
  async (address) => {
    await using place = await checkout(undefined);
    const { code, stderr } = await place.run("incidents", "--store", address);
    expect(code).toBe(5);
    expect(stderr).toContain("is no address of a bucket");
    expect(place.aws.calls).toEqual([]);
  },
);

/** The sources that these bring from their beginning: without what is imported later. */
async function broughtBy(isStart: (path: string) => boolean): Promise<readonly string[]> {
  const sources = new Map((await sourcesOf("lib")).map((source) => [source.path, source.text]));
  const eager = (path: string): readonly string[] =>
    [
      ...(sources.get(path) ?? "").matchAll(/^(?:import|export) (?!type)[^;]*?from "(\..*?)"/gm),
    ].map(([, to = ""]) => new URL(to, `file:///${path}`).pathname.slice(1));
  const reached = new Set<string>();
  const walk = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const next of eager(path)) walk(next);
  };
  for (const path of sources.keys()) if (isStart(path)) walk(path);
  return [...reached];
}

test("AWS is loaded by whoever asks for it: no command brings it from its beginning", async () => {
  const reached = await broughtBy((path) => path.startsWith("lib/cli/commands/"));
  expect(reached.length).toBeGreaterThan(200);
  expect(
    reached.filter((path) => path.startsWith("lib/adapters/aws/")),
    "const { openS3 } = await import(…): 400 KB that a look at a laptop's database never needs",
  ).toEqual([]);
});

test.each([
  ["check", /^lib\/(incidents|render\/alerts|adapters\/webhook|config\/load)/],
  ["snapshot", /^lib\/(checks|trackers\/(?!shell)|integrity|run|incidents|render|config\/load)/],
])("%s brings from its beginning what every look needs, and no more", async (command, others) => {
  const reached = await broughtBy((path) => path === `lib/cli/commands/${command}.ts`);
  expect(reached.length).toBeGreaterThan(40);
  expect(
    reached.filter((path) => others.test(path)),
    "import it where it is used: what is loaded is a third of what a small look takes",
  ).toEqual([]);
});

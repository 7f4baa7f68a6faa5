import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { rootsFor } from "../../lib/adapters/postgres/settings/rds-expiry.ts";
import { tellExpiring } from "../../lib/service/roots.ts";
import { configFor, deployment } from "../support/aws/functions.ts";

const config = configFor({ "production/shop": "postgres://vigil:x@127.0.0.1:1/shop" });
const now = new Date("2026-11-20T03:00:00Z");

/** Somebody outside who waits for a knock. */
async function outsider() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    asked,
    url: `http://127.0.0.1:${port}/ping/abc`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("the morning mail is the same however often it is asked for at its time", async () => {
  await using here = await deployment(config, { now });
  await here.whole("pulse");
  await here.job("digest");
  await here.job("digest");
  const digests = here.mails().filter((subject) => !subject.includes("does not answer"));
  expect(digests).toHaveLength(2);
  expect(new Set(digests).size).toBe(1);
  const last = JSON.parse(String(here.aws.buckets.read("vigil", "digests/v1/last.json")));
  expect(last).toMatchObject({ schemaVersion: 1, at: now.toISOString() });
});

test("a digest that SNS does not take is tried again by whoever asks", async () => {
  await using here = await deployment(config, { now, attempts: 1 });
  await here.whole("pulse");
  const before = here.mails().length;
  here.aws.faults.plan("server-error", ({ service }) => service === "sns", 99);
  await expect(here.job("digest")).rejects.toThrow("the digest did not go out");
  here.aws.faults.clear();
  await here.job("digest");
  expect(here.mails().length).toBeGreaterThan(before);
});

test("nightly runs are kept a week and a month, each once; the outsider hears of a whole night", async () => {
  await using outside = await outsider();
  const env = { PGVIGIL_HEARTBEAT_URL: outside.url };
  await using here = await deployment(config, { now, env });
  await here.tick("pulse");
  here.now = new Date("2026-11-21T23:45:00Z");
  await here.job("keep");
  expect(outside.asked).toEqual([]);
  here.now = new Date("2026-11-22T03:00:00Z");
  await here.whole("nightly");
  here.now = new Date("2026-11-22T23:45:00Z");
  await here.job("keep");
  await here.job("keep");
  const [run] = await here.runs();
  const kept = here.aws.buckets.keys("vigil").filter((key) => key.startsWith("kept/"));
  expect(kept).toEqual([
    `kept/monthly/2026-11/${run?.run.id}.json.gz`,
    `kept/weekly/2026-W47/${run?.run.id}.json.gz`,
  ]);
  expect(outside.asked).toEqual(["/ping/abc", "/ping/abc"]);
  here.now = new Date("2026-11-23T03:00:00Z");
  await here.whole("nightly");
  await here.job("keep");
  const folders = here.aws.buckets
    .keys("vigil")
    .filter((key) => key.startsWith("kept/"))
    .map((key) => key.split("/").slice(1, 3).join("/"));
  expect(folders).toEqual(["monthly/2026-11", "weekly/2026-W47", "weekly/2026-W48"]);
});

test("roots of RDS say until when they hold; one that ends soon is told, once a stage", async () => {
  const host = "orders.c1ab.eu-central-1.rds.amazonaws.com";
  const roots = rootsFor(host);
  expect(roots.map(({ name }) => name)).toContainEqual(
    expect.stringMatching(/^Amazon RDS eu-central-1 Root CA RSA2048 G1$/),
  );
  expect(rootsFor("127.0.0.1")).toEqual([]);
  const until = roots.find(({ name }) => name.includes("RSA2048"))?.until ?? new Date(0);
  expect(until.getUTCFullYear()).toBeGreaterThan(2050);
  await using here = await deployment(config, { now });
  const [target] = (await import("../../lib/service/place.ts")).placed(config);
  const bulletins: unknown[] = [];
  const delivery = {
    outlets: [],
    renderers: {
      bulletin: (bulletin: unknown) => {
        bulletins.push(bulletin);
        return [];
      },
      digest: () => [],
      plain: (message: never) => message,
    },
  };
  const fleet = target === undefined ? [] : [{ ...target, host }];
  const tell = (days: number) =>
    tellExpiring({
      ...{ fleet, rootsFor, store: here.store, delivery },
      now: new Date(until.getTime() - days * 86_400_000),
    });
  for (const days of [100, 89, 60, 29, 6, 5]) await tell(days);
  const said = bulletins.flatMap((each) => Object(each).alerts);
  expect(said.filter(({ finding }) => finding.object.identity.includes("RSA2048"))).toHaveLength(3);
});

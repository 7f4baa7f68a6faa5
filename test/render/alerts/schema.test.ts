import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { bulletins } from "./every-status.ts";
import { exampleAlerts } from "./example-findings.ts";
import { alert, bulletin, finding } from "./sample-bulletin.ts";
import { digest } from "./sample-digest.ts";

const validator = async (file: string) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(await readFile(`schema/${file}`, "utf8")));
};

test("every event is as its schema says, even one that had to be shortened", async () => {
  const isEvent = await validator("event.schema.json");
  const huge = alert({ finding: finding({ detail: ["x".repeat(400_000)] }) });
  const all = [
    ...bulletins.values(),
    ...exampleAlerts.map((one) => bulletin({ alerts: [one] })),
    bulletin({ alerts: [huge] }),
  ].flatMap((one) => renderBulletin(one));
  const events = all.filter(({ topic }) => topic === "events").map(({ body }) => JSON.parse(body));
  for (const event of events) {
    expect(isEvent(event), JSON.stringify(isEvent.errors)).toBe(true);
  }
  expect(events.at(-1)).toMatchObject({ isShortened: true });
  expect(isEvent({ ...events[0], alert: {} })).toBe(false);
});

test("a digest is as its schema says", async () => {
  const isDigest = await validator("digest.schema.json");
  expect(isDigest(JSON.parse(JSON.stringify(digest()))), JSON.stringify(isDigest.errors)).toBe(
    true,
  );
  expect(isDigest({ ...digest(), targets: undefined })).toBe(false);
});

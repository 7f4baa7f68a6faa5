import { expect, test } from "vitest";
import { rangeOf, sparkline } from "../../lib/render/sparkline.ts";
import { watchLine } from "../../lib/render/watch-line.ts";
import { watchMarkdown } from "../../lib/render/watch-markdown.ts";
import { watchText } from "../../lib/render/watch-text.ts";
import { healthySoFar, notHealthy } from "./watch-sample.ts";

const plain = { colour: false, ascii: false, width: 90 };

test("how a watch ended, for people", async () => {
  await expect(watchText(notHealthy, plain)).toMatchFileSnapshot("watch.golden.txt");
});

test("the sign-off that is filed", async () => {
  await expect(watchMarkdown(notHealthy)).toMatchFileSnapshot("watch.golden.md");
});

test("a sign-off names no look after the deployment as a place to go back to", () => {
  const { watch } = healthySoFar;
  const baseline = { at: watch.openedAt ?? "", run: "20261120T120500Z-watch-5f2c" };
  const said = watchMarkdown({ ...healthySoFar, watch: { ...watch, baseline } });
  expect(said).toContain("| Restore to before | not known: pgvigil watch prepare, before");
  expect(said).toContain("| Migration | told when the watch has ended |");
  expect(said).toContain("## Schema\n\nCompared when the watch has ended.");
});

test("a watch that goes on says so far, and when it looks next", () => {
  expect(watchText(healthySoFar, plain)).toBe(`production/orders: release-41: healthy so far
under watch since 2026-11-20 12:05 UTC until 2026-11-22 12:05 UTC
2 of 57 looks taken, next 2026-11-20 12:15 UTC

[PASS] Server: answers
`);
  expect(watchLine(healthySoFar)).toBe(
    "2026-11-20 12:11:00 UTC  production/orders 2/57  healthy so far, 0 open findings; next 2026-11-20 12:15:00 UTC",
  );
});

test("colour marks what the words say, and nothing else: without it the text is the same", () => {
  const coloured = watchText(notHealthy, { ...plain, colour: true });
  expect(coloured).toContain("\u001b[");
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(watchText(notHealthy, plain));
});

test("where a terminal has ASCII alone, so has the text", () => {
  expect(watchText(notHealthy, { ...plain, ascii: true })).toMatch(/^[\x0a\x20-\x7e]*$/);
});

test("a curve has a dot for what was missed, and keeps the peak of a column", () => {
  const points = [[0, 0], [7, 7], null, [3, 4]] as const;
  expect(sparkline(points, 10, false)).toBe("▁█·▅");
  expect(sparkline(points, 10, true)).toBe("_#.=");
  expect(sparkline(points, 2, false)).toBe("█▅");
  expect(sparkline([], 10, false)).toBe("");
  expect(rangeOf(points)).toEqual({ least: 0, most: 7, last: 4 });
  expect(rangeOf([null])).toBeUndefined();
});

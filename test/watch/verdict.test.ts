import { expect, test } from "vitest";
import { bulletinSchema } from "../../lib/core/alert.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Report } from "../../lib/core/report.ts";
import type { Watch } from "../../lib/core/watch.ts";
import { verdictBulletin } from "../../lib/watch/bulletin.ts";
import { recorded } from "../../lib/watch/look.ts";
import { offsets } from "../../lib/watch/phases.ts";
import { closed, closingAt } from "../../lib/watch/verdict.ts";
import { after, blind, finding, found, looked, openWatch, passed } from "./samples.ts";

const phases = [{ every: 300, until: 1200 }];
const end = after(1200);
const invalid = "indexes/invalid";
const well = [passed("server/unreachable"), passed(invalid)];

type Taken =
  | readonly Outcome[]
  | { readonly outcomes: readonly Outcome[]; readonly report: Partial<Report> };

/** A watch of five looks; nothing is a look that was missed. */
const ended = (...looks: readonly (Taken | undefined)[]): Watch =>
  looks.reduce((watch: Watch, taken, slot) => {
    if (taken === undefined) return watch;
    const [outcomes, more] = "outcomes" in taken ? [taken.outcomes, taken.report] : [taken, {}];
    const { run, report } = looked(offsets(phases)[slot] ?? 0, outcomes, more);
    return recorded(watch, { run }, report);
  }, openWatch({ phases }));

const closing = (...looks: readonly (Taken | undefined)[]) =>
  closingAt(ended(...looks), end, { because: "over" });

const ill = [passed("server/unreachable"), found(invalid, finding("orders_key", "critical"))];
const notSeen = [passed("server/unreachable"), blind(invalid)];
const line = (all: ReturnType<typeof closing>, area: string) => {
  const one = all.lines.find((each) => each.area === area);
  return one === undefined ? undefined : `[${one.mark}] ${area}: ${one.text}`;
};

test("five looks that found nothing and saw all: healthy, each line with what it saw", () => {
  const done = closing(well, well, well, well, well);
  expect(done.verdict).toBe("healthy");
  expect(done.lines.map(({ mark, area, text }) => `[${mark}] ${area}: ${text}`)).toEqual([
    "[PASS] Looks: 5 of 5 taken",
    "[PASS] Server: answers",
    "[PASS] Indexes: all valid",
  ]);
});

test("what lasts to the end: not healthy, and the line names it", () => {
  const done = closing(well, well, ill, ill, ill);
  expect(done.verdict).toBe("not-healthy");
  expect(line(done, "Indexes")).toBe("[FAIL] Indexes: orders_key is ill");
});

test("what came and went is a note", () => {
  const done = closing(well, ill, ill, well, well);
  expect(done.verdict).toBe("healthy-with-notes");
  expect(line(done, "Indexes")).toBe("[PASS] Indexes: all valid; 1 finding came and went");
});

test("what was found, and not seen since, is not taken for mended", () => {
  expect(closing(well, ill, notSeen, notSeen, notSeen).verdict).toBe("not-healthy");
});

test("what was not seen at the last look is unknown, however well it was before", () => {
  const done = closing(well, well, well, well, notSeen);
  expect(done.verdict).toBe("unknown");
  expect(line(done, "Indexes")).toBe(
    "[????] Indexes: indexes/invalid was last seen 2026-11-20 12:15 UTC: no SELECT on billing.payouts",
  );
});

test("what was never seen is unknown", () => {
  const done = closing(notSeen, notSeen, notSeen, notSeen, notSeen);
  expect(done.verdict).toBe("unknown");
  expect(line(done, "Indexes")).toMatch(/^\[\?{4}\] Indexes: indexes\/invalid was never seen/);
});

test("what was blind for a time and sees again is a note", () => {
  expect(closing(well, notSeen, well, well, well).verdict).toBe("healthy-with-notes");
});

test("a missed look is never green: ???? and a note", () => {
  const done = closing(well, undefined, undefined, well, well);
  expect(done.verdict).toBe("healthy-with-notes");
  expect(line(done, "Looks")).toBe("[????] Looks: 2 of 5 were missed");
  expect(done.gaps).toMatchObject([
    { from: after(300).toISOString(), until: after(900).toISOString(), looks: 2 },
  ]);
});

test("a watch that missed half of its looks knows nothing", () => {
  expect(closing(well, undefined, undefined, undefined, well).verdict).toBe("unknown");
  expect(closing().verdict).toBe("unknown");
});

test("notices are allowed, as in the verdict of a run", () => {
  const noticed = [passed("server/unreachable"), found(invalid, finding("orders_key", "notice"))];
  const done = closing(well, noticed, noticed, noticed, noticed);
  expect(done.verdict).toBe("healthy");
  expect(line(done, "Indexes")).toBe("[PASS] Indexes: 1 notice");
});

test("a check that says nothing here is in no line", () => {
  const absent = [
    ...well,
    { ...passed("migrations/dirty"), status: "skipped" as const, cause: "not-applicable" as const },
  ];
  const done = closing(absent, absent, absent, absent, absent);
  expect(done.verdict).toBe("healthy");
  expect(line(done, "Migrations")).toBeUndefined();
});

test("an hour in which nobody answered is told with its times, and is not health at the end", () => {
  const silent = {
    outcomes: [
      {
        ...blind("server/unreachable", "ECONNREFUSED"),
        status: "failed" as const,
        cause: "unreachable" as const,
      },
      { ...blind(invalid, "ECONNREFUSED"), cause: "unreachable" as const },
    ],
    report: { server: undefined },
  };
  const back = closing(well, silent, silent, well, well);
  expect(back.verdict).toBe("healthy-with-notes");
  expect(back.events).toEqual([
    { at: after(300).toISOString(), text: "it did not answer until 2026-11-20 12:15 UTC" },
  ]);
  expect(closing(well, well, well, well, silent).verdict).toBe("unknown");
});

test("a failover is told as what it is", () => {
  const { report } = looked(0, []);
  const other = {
    outcomes: well,
    report: {
      server: report.server && { ...report.server, timeline: 8, startedAt: "2026-11-20T12:08:00Z" },
    },
  };
  expect(closing(well, well, other, other, other).events).toMatchObject([
    { at: after(600).toISOString(), text: expect.stringContaining("failed over") },
  ]);
});

test("a change of the schema that no migration explains lasts, although it is told once", () => {
  const drift = "schema/drift-from-last";
  const changed = {
    outcomes: [...well, found(drift, finding("public.orders"))],
    report: { schema: { checksum: "sha256:b", canonical: 1, complete: true } },
  };
  const at = (checksum: string) => ({
    outcomes: [...well, passed(drift)],
    report: { schema: { checksum, canonical: 1, complete: true } },
  });
  const [before, since] = [at("sha256:a"), at("sha256:b")];
  expect(closing(before, before, changed, since, since).verdict).toBe("not-healthy");
  expect(closing(before, changed, before, before, before).verdict).toBe("healthy-with-notes");
  const undone = { ...changed, report: before.report };
  expect(closing(before, before, before, changed, undone).verdict).toBe("healthy-with-notes");
});

test("the verdict is told as one alert, whose id is the same however often it is made", () => {
  const over = closed(ended(well, well, ill, ill, ill), end, { because: "over" });
  const bulletin = verdictBulletin(over);
  expect(bulletinSchema.parse(bulletin)).toEqual(bulletin);
  expect(bulletin).toMatchObject({
    id: "production/orders/20261120T120000Z-5f2c:verdict",
    alerts: [{ status: "verdict", severity: "critical", title: "The watch ended: not healthy" }],
    alsoHere: { critical: 1 },
    watch: { deploy: "release-41" },
  });
  expect(verdictBulletin(over)).toEqual(bulletin);
});

test("nobody is told the verdict of a watch that the next deployment cut short", () => {
  const cut = closed(ended(well, well), after(400), { because: "superseded" });
  expect(verdictBulletin(cut)).toBeUndefined();
});

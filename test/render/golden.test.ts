import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { github } from "../../lib/render/github.ts";
import { markdown } from "../../lib/render/markdown.ts";
import { text } from "../../lib/render/text.ts";
import { columns } from "../../lib/render/wrap.ts";
import {
  context,
  everything,
  fleet,
  healthy,
  one,
  outcome,
  reportOf,
  runOf,
} from "./sample-run.ts";

// The wording is the product: read the golden files as somebody who was woken up by them.

test("one target in every state", async () => {
  await expect(text(one, context)).toMatchFileSnapshot("./one.golden.txt");
});

test("a fleet of three: one in trouble, one full, one healthy", async () => {
  await expect(text(fleet, context)).toMatchFileSnapshot("./fleet.golden.txt");
});

test("a healthy target says what was looked at", async () => {
  await expect(text(runOf(healthy), context)).toMatchFileSnapshot("./healthy.golden.txt");
});

test("markdown, one target and the fleet", async () => {
  await expect(markdown(one, context)).toMatchFileSnapshot("./one.golden.md");
  await expect(markdown(fleet, context)).toMatchFileSnapshot("./fleet.golden.md");
});

test("annotations of a workflow", async () => {
  await expect(github(fleet)).toMatchFileSnapshot("./fleet.golden.github.txt");
});

test("colour changes no word and no column", () => {
  const coloured = text(fleet, { ...context, colour: true });
  expect(coloured).toContain("\u001b[31m");
  expect(stripVTControlCharacters(coloured)).toBe(text(fleet, context));
});

test.each([20, 60, 72, 140])("prose keeps to %i columns, and SQL is never torn", (width) => {
  const limit = Math.max(60, width);
  const printed = text(fleet, { ...context, width });
  const pasted = /^ {6}\S|^Target|^(production|staging)\/\S+ +(findings|unknown|healthy) /;
  for (const line of printed.split("\n")) {
    if (!pasted.test(line)) expect(columns(line), line).toBeLessThanOrEqual(limit);
  }
  expect(printed).toContain(
    "      GRANT SELECT (id, account_id) ON billing.payouts, billing.refunds TO pgvigil;",
  );
});

test("of a large fleet the healthy ones stand in the table alone", () => {
  const many = Array.from({ length: 6 }, (_, i) =>
    reportOf(healthy.outcomes, { target: { environment: "staging", name: `db${i}` } }),
  );
  const printed = text(runOf(everything, ...many), context);
  expect(printed).toContain("staging/db5        healthy");
  expect(printed).toContain("Healthy, and only in the table: 6.");
  expect(printed.match(/indexes\/invalid {2,}311/g)).toBe(null);
});

test("a comment that GitHub would refuse is cut by whole targets, and says so", () => {
  const many = Array.from({ length: 200 }, (_, i) =>
    reportOf(everything.outcomes, { target: { environment: "staging", name: `db${i}` } }),
  );
  const printed = markdown(runOf(...many), context);
  expect(printed.length).toBeLessThan(65_536);
  expect(printed).toMatch(/\d+ more targets would not fit here/);
});

test("an undo is pasted too, where it is SQL", () => {
  const printed = text(
    runOf(
      reportOf([
        outcome("indexes/invalid", "found", {
          findings: [
            {
              object: { kind: "table", identity: "t" },
              severity: "warning",
              summary: "odd",
              evidence: {},
              remedy: { summary: "Rename it.", undo: 'ALTER TABLE "a\nb" RENAME TO c;' },
            },
          ],
        }),
      ]),
    ),
    context,
  );
  expect(printed).toContain('    Undo:\n\n      ALTER TABLE U&"a\\000Ab" RENAME TO c;\n\n');
});

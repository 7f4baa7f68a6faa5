import fc from "fast-check";
import { expect, test } from "vitest";
import { isPrintable } from "../../lib/core/printable.ts";
import { formats, renderers } from "../../lib/render/index.ts";
import { codeBlock, codeSpan, escaped } from "../../lib/render/markdown-escape.ts";
import { hostileName, hostileRun } from "./hostile-run.ts";
import { context, outcome, reportOf, runOf } from "./sample-run.ts";

test.each(formats)("%s: no raw control character, bidi override or invisible one", (format) => {
  const printed = renderers[format](hostileRun, context);
  expect(printed).toContain("owned");
  for (const line of printed.split("\n")) expect(isPrintable(line), line).toBe(true);
});

test("in no format does any text leave a raw control character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...formats), (name, format) => {
      const run = runOf(
        reportOf([
          outcome("indexes/invalid", "skipped", { cause: "privilege", reason: name, cure: name }),
          outcome("migrations/dirty", "found", {
            scope: name,
            findings: [
              {
                object: { kind: "table", name, identity: name },
                severity: "warning",
                summary: name,
                evidence: { [name]: name },
                remedy: { summary: name, sql: `DROP TABLE "${name.replaceAll('"', '""')}";` },
              },
            ],
          }),
        ]),
      );
      for (const line of renderers[format](run, context).split("\n")) {
        expect(isPrintable(line), JSON.stringify(line)).toBe(true);
      }
    }),
  );
});

test("a name adds no line of its own to a report", () => {
  const printed = renderers.text(hostileRun, context);
  for (const line of printed.split("\n")) expect(line).not.toMatch(/^\s*(::|```|# owned)/);
});

test("every line that GitHub's runner sees is one of ours", () => {
  const lines = renderers.github(hostileRun, context).trimEnd().split("\n");
  expect(lines).toHaveLength(5);
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]+::/);
});

test("markdown: a name stays text", () => {
  const shown = escaped(hostileName);
  expect(shown).not.toMatch(/<|(?<!\\)[[\]`|]/);
  expect(shown.replaceAll("&#8203;", "\u200b")).not.toMatch(/(:\/\/|[@#])(?!\u200b)/);
  expect(escaped("ask @dba about #7 at www.evil.example")).toBe(
    "ask @&#8203;dba about #&#8203;7 at www&#8203;.evil.example",
  );
  expect(escaped("public.orders_number_key is _odd_")).toBe(
    "public.orders_number_key is \\_odd\\_",
  );
  expect(escaped("1. no list")).toBe("1&#8203;. no list");
});

test("markdown: no code ends before its end", () => {
  expect(codeSpan("a``b")).toBe("```a``b```");
  expect(codeSpan("`")).toBe("`` ` ``");
  expect(codeSpan("a|b")).toBe("`a¦b`");
  expect(codeBlock(["SELECT 1 -- ```", "``"])).toBe("````sql\nSELECT 1 -- ```\n``\n````");
  const printed = renderers.markdown(hostileRun, context);
  const fences = printed.split("\n").filter((line) => /^`{3,}(sql)?$/.test(line));
  expect(fences.length % 2).toBe(0);
  const prose = printed.replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, "");
  expect(prose).not.toContain("<script>");
  const folded = ["<details>", "<summary>", "</summary>", "</details>"];
  expect(prose.match(/<\/?\w+>/g)).toEqual([...folded, ...folded, "<sub>", "</sub>"]);
});

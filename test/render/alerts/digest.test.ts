import { expect, test } from "vitest";
import { renderDigest } from "../../../lib/render/alerts/digest.ts";
import { digestMarkdown } from "../../../lib/render/alerts/digest-markdown.ts";
import { hostileName } from "../hostile-run.ts";
import { faultsOf } from "./limits.ts";
import { alert, finding } from "./sample-bulletin.ts";
import { digest } from "./sample-digest.ts";

test("the digest of forty targets, as mail, card and markdown", async () => {
  const [mail, card] = renderDigest(digest());
  const parts = [`Subject: ${mail?.subject}`, mail?.body, card?.body, digestMarkdown(digest())];
  await expect(parts.join("\n\n")).toMatchFileSnapshot("./digest.golden.txt");
});

test("its first line says how many were looked at, and how many not everywhere", () => {
  expect(renderDigest(digest())[0]?.body).toMatch(
    /^38 of 40 looked at; 3 with blind spots\n1 critical, 11 warnings open\. Since 19 Nov 08:00 UTC 1 began, 1 ended\.\n/,
  );
});

test("a quiet morning is four lines", () => {
  const quiet = digest({
    targets: digest()
      .targets.slice(5)
      .map((row) => ({ ...row, blindChecks: 0 })),
    ...{ open: [], began: [], ended: [], unknown: [], watches: [] },
  });
  const [mail] = renderDigest(quiet);
  expect(mail?.subject).toBe("[DIGEST] 35 of 35 looked at; no blind spots; nothing open");
  expect(mail?.body).toBe(`35 of 35 looked at; no blind spots
Nothing open. Since 19 Nov 08:00 UTC 0 began, 0 ended.

All       npx pgvigil incidents
Id        0123456789abcdef0123456789abcdef
`);
});

/** Longer than a mail of an alert, but as narrow, and as plain. */
const faults = (...given: Parameters<typeof renderDigest>) =>
  renderDigest(...given).flatMap((message) =>
    faultsOf(message).filter((fault) => !/^\d+ lines$/.test(fault)),
  );

test("a fleet in flames keeps all limits, and counts what does not fit", () => {
  const target = { environment: "production", name: "orders" };
  const many = Array.from({ length: 10_000 }, (_, i) => ({
    target: { ...target, name: `db-${i}` },
    alert: alert({ finding: finding({ fingerprint: i.toString(16).padStart(16, "0") }) }),
  }));
  const burning = digest({ open: many, began: many, ended: many });
  expect(faults(burning)).toEqual([]);
  const [mail] = renderDigest(burning);
  expect(mail?.body.split("\n").length).toBeLessThan(180);
  expect(mail?.body).toContain("and 9,988 more, see the report");
});

test("hostile names stay names", () => {
  const target = { environment: hostileName, name: hostileName };
  const one = { target, alert: alert({ finding: finding({ summary: hostileName }) }) };
  const odd = digest({
    targets: digest().targets.map((row) => ({ ...row, target, firstSeen: 3, isUnseen: true })),
    ...{ open: [one], began: [one], ended: [one] },
    unknown: [{ check: hostileName, reason: hostileName, cure: hostileName, targets: [target] }],
    watches: [{ id: hostileName, target, deploy: hostileName, until: "2026-11-21T03:00:00Z" }],
  });
  expect(faults(odd)).toEqual([]);
  const prose = digestMarkdown(odd).replaceAll(/(`+)[\s\S]*?\1/g, "");
  expect(prose).not.toMatch(/<script>|:\/\/(?!&#8203;)|@(?!&#8203;)/);
});

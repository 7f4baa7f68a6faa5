import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Alert, alertStatuses } from "../../../lib/core/alert.ts";
import { severities } from "../../../lib/core/severity.ts";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { plainOf } from "../../../lib/render/alerts/plain.ts";
import { webhookBody } from "../../../lib/render/alerts/webhook.ts";
import { hostileName } from "../hostile-run.ts";
import { exampleAlerts } from "./example-findings.ts";
import { faultsOf } from "./limits.ts";
import { alert, bulletin, finding } from "./sample-bulletin.ts";

const faults = (...given: Parameters<typeof renderBulletin>): readonly string[] =>
  renderBulletin(...given).flatMap((message) =>
    faultsOf(message).map((fault) => `${message.topic}: ${fault}`),
  );

describe("every finding that a check's examples make is told within all limits", () => {
  const byCheck = Map.groupBy(exampleAlerts, ({ check }) => check);
  test.each([...byCheck])("%s", (_, alerts) => {
    for (const one of alerts) {
      for (const status of ["opened", "resolved"] as const) {
        expect(faults(bulletin({ alerts: [{ ...one, status }] }))).toEqual([]);
      }
    }
  });
});

test("every mail of an example says what to look at, whom to ask, and how one knows", () => {
  for (const one of exampleAlerts) {
    const [mail] = renderBulletin(bulletin({ alerts: [one] }));
    expect(mail?.body).toContain("1. Look (safe, it only reads):\n     npx pgvigil ");
    expect(mail?.body.replaceAll(/\n\s+/g, " ")).toMatch(
      / 2\. Ask the owner.*: payments, #payments, \+49 30 5550 100 /,
    );
    expect(mail?.body).toContain("Worked if: ");
    expect(mail?.body).toMatch(/^Quiet +npx pgvigil ack [0-9a-f]{8} --for 2h/m);
  }
});

test("whatever a remedy says, a mail keeps the SQL of its gentlest way, if it fits a mail at all", () => {
  for (const one of exampleAlerts) {
    const { sql = "" } = one.finding.remedy ?? {};
    const [first = ""] = sql.split("\n\n");
    if (first === "" || first.split("\n").length > 6) continue;
    const [mail] = renderBulletin(bulletin({ alerts: [one], changes: [] }));
    expect(mail?.body, one.finding.summary).not.toContain("The SQL of it is in the report");
  }
});

/** One alert that says the same hostile thing wherever a text can stand. */
const saying = (text: string): Alert =>
  alert({
    title: text,
    why: text,
    note: text,
    owner: { name: text || "nobody", contact: text },
    consequences: Array.from({ length: 9 }, () => ({
      check: "locks/blocking-chain",
      summary: text,
    })),
    peak: { severity: "critical", at: "2026-11-20T03:18:12Z", summary: text },
    finding: finding({
      object: { kind: "table", identity: text },
      summary: text,
      detail: [text, text, text],
      evidence: { before: text, after: `${text}!` },
      measure: { value: 3, unit: "count", of: text },
      remedy: {
        summary: text,
        sql: `ALTER TABLE "${text.replaceAll('"', '""')}" RENAME TO found;`,
        lock: text,
        undo: text,
        otherwise: { summary: text, sql: `DROP TABLE "${text.replaceAll('"', '""')}";` },
      },
    }),
  });

const around = (text: string) => ({
  target: { environment: "adhoc", name: text },
  changes: [{ at: "2026-11-20T03:11:40Z", kind: "drift" as const, text }],
  notChecked: [{ check: "capacity/wraparound", reason: text, cure: text }],
  watch: { id: text, deploy: text, since: "2026-11-20T02:00:00Z" },
});

const hostile = [
  hostileName,
  "<!channel> <!here> <@U024BE7LH> @here @everyone #general :bomb: *b* _i_ ~s~ `c` ```d```",
  "<https://evil.example|Open the report> [x](https://evil.example) www.evil.example",
  "\u202egnihton\u2066 \u0645\u0631\u062d\u0628\u0627 שלום",
  "🦉".repeat(300),
  "owl 🦉 \ud800 naïve café 表",
  "x".repeat(30_000),
  "word ".repeat(6000),
  "\n".repeat(2000),
  "é".repeat(20_000),
  "",
];

test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 60), text]))("%s", (_, text) => {
  for (const status of alertStatuses) {
    expect(faults(bulletin({ alerts: [{ ...saying(text), status }], ...around(text) }))).toEqual(
      [],
    );
  }
});

test("any text keeps the limits", () => {
  const status = fc.constantFrom(...alertStatuses);
  const severity = fc.constantFrom(...severities);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), status, severity, (text, s, v) => {
      const one = { ...saying(text), status: s, severity: v };
      expect(faults(bulletin({ alerts: [one, one], ...around(text) }))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

const many = (n: number): readonly Alert[] =>
  Array.from({ length: n }, (_, i) => {
    const fingerprint = i.toString(16).padStart(16, "0");
    return alert({
      id: `${fingerprint}-opened`,
      check: `schema/check-${i % 30}`,
      finding: finding({ fingerprint, summary: `Index public.idx_${i} is invalid` }),
    });
  });

test("ten thousand findings: one mail, five cards and a summary, ten alarms, every event", () => {
  const messages = renderBulletin(bulletin({ alerts: [...many(10_000)] }));
  expect(messages.flatMap(faultsOf)).toEqual([]);
  const of = (topic: string) => messages.filter((message) => message.topic === topic);
  expect(["alerts", "chat", "page", "events"].map((topic) => of(topic).length)).toEqual([
    1, 6, 10, 10_000,
  ]);
  expect(of("alerts")[0]?.body).toMatch(/and 9,99\d more, see the report/);
  expect(of("alerts")[0]?.subject).toContain("+9999)");
  expect(JSON.parse(of("chat")[5]?.body ?? "").content).toMatchObject({
    title: ":red_circle: production/orders: 9,995 more",
  });
});

test("an end is told to whoever pages, however many there are", () => {
  const alerts = many(50).map((one) => ({ ...one, status: "resolved" as const }));
  const pages = renderBulletin(bulletin({ alerts })).filter(({ topic }) => topic === "page");
  expect(pages).toHaveLength(50);
});

test("a message that was refused is told plainly, of the same id, and within all limits", () => {
  const whole = renderBulletin(bulletin({ alerts: [saying(hostileName), alert()] }));
  for (const message of whole) {
    const plain = plainOf(message);
    expect(plain.id).toBe(message.id);
    expect(plain.topic).toBe(message.topic);
    expect(plain.attributes).toEqual(message.attributes);
    expect(plain.body.length).toBeLessThan(1000);
    expect(plain.body).toMatch(/^[\x20-\x7e\n]+$/);
    if (message.topic === "chat") expect(faultsOf(plain)).toEqual([]);
    if (message.topic !== "page") continue;
    // The name and the state decide which incident an OK ends.
    const [was, now] = [message, plain].map(({ body }) => JSON.parse(body));
    expect(now.AlarmName).toBe(was.AlarmName);
    const [whole, bare] = [message, plain].map((page) =>
      JSON.parse(webhookBody(page, "pagerduty", {}, "key").body),
    );
    expect(bare).toMatchObject({ dedup_key: whole.dedup_key, event_action: whole.event_action });
    expect(plain.subject?.startsWith(`${now.NewStateValue}: `)).toBe(true);
  }
});

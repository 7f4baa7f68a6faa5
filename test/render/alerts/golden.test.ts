import { expect, test } from "vitest";
import type { Alert, Bulletin, Message } from "../../../lib/core/alert.ts";
import { pagerDutyEvent } from "../../../lib/render/alerts/events-v2.ts";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { plainOf } from "../../../lib/render/alerts/plain.ts";
import { webhookBody } from "../../../lib/render/alerts/webhook.ts";
import { bulletins } from "./every-status.ts";
import { alert, bulletin, finding } from "./sample-bulletin.ts";

// The wording is the product: read the golden files as somebody who was woken up by them.

const messages = (topic: Message["topic"]): readonly (readonly [string, Message])[] =>
  [...bulletins].flatMap(([name, one]) =>
    renderBulletin(one)
      .filter((message) => message.topic === topic)
      .map((message) => [name, message] as const),
  );

const pretty = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);

const printed = (parts: readonly (readonly [string, string])[]): string =>
  `${parts.map(([name, text]) => `===== ${name}\n${text}`).join("\n")}\n`;

test("mails of every status", async () => {
  const parts = messages("alerts").map(
    ([name, { subject = "", body }]) => [name, `Subject: ${subject}\n\n${body}`] as const,
  );
  await expect(printed(parts)).toMatchFileSnapshot("./mail.golden.txt");
});

test("cards of every status", async () => {
  const parts = messages("chat").map(([name, { body }]) => [name, pretty(body)] as const);
  await expect(printed(parts)).toMatchFileSnapshot("./chat.golden.txt");
});

test("pages of every status, as an alarm and for PagerDuty", async () => {
  const key = "R0123456789abcdefghijklmnopqrstu";
  const parts = messages("page").map(([name, page]) => {
    const event = JSON.stringify(pagerDutyEvent(page, key, {}), null, 2);
    return [name, `Subject: ${page.subject}\n${pretty(page.body)}\n${event}`] as const;
  });
  await expect(printed(parts)).toMatchFileSnapshot("./page.golden.txt");
});

test("an event, and what filters see of it", async () => {
  const [first] = messages("events");
  const event = first?.[1];
  const text = `${JSON.stringify(event?.attributes, null, 2)}\n${pretty(event?.body ?? "")}\n`;
  await expect(text).toMatchFileSnapshot("./event.golden.txt");
});

test("a mail and a card as Slack's webhook takes them, and what stays where all is refused", async () => {
  const all = renderBulletin(bulletin());
  const texts = all
    .filter(({ topic }) => topic === "alerts" || topic === "chat")
    .map((message) => [message.topic, JSON.parse(webhookBody(message, "slack", {}).body).text]);
  const plain = all.map((message) => {
    const { subject = "", body } = plainOf(message);
    return [`plain ${message.topic}`, `${subject}\n${body}`];
  });
  const parts = [...texts, ...plain].map(([name, text]) => [String(name), String(text)] as const);
  await expect(printed(parts)).toMatchFileSnapshot("./webhook.golden.txt");
});

const mailOf = (one: Bulletin, settings = {}) => renderBulletin(one, settings)[0]?.body ?? "";

test("what is empty is not there", () => {
  const bare = mailOf(
    bulletin({
      changes: [],
      notChecked: [],
      alsoHere: { critical: 0, warning: 0, notice: 0 },
      links: {},
    }),
  );
  for (const title of ["WHAT CHANGED", "ALSO", "NOT CHECKED", "Report "]) {
    expect(bare).not.toContain(title);
  }
});

test("several alerts: the worst in full, the others a line each, the rest counted", () => {
  const others = Array.from({ length: 9 }, (_, i) =>
    alert({
      severity: "warning",
      finding: finding({
        fingerprint: `${i}`.repeat(16),
        summary: `Index public.i${i} is invalid`,
      }),
    }),
  );
  const [message] = renderBulletin(bulletin({ alerts: [alert(), ...others] }));
  expect(message?.subject).toBe(
    "[CRITICAL] production/orders: 14 sessions blocked 6 min on public.invoices (blocking-chain +9)",
  );
  expect(message?.body).toContain("ALSO NOW\n  WARNING  Index public.i0 is invalid [00000000]\n");
  expect(message?.body).toMatch(/ {2}and \d more, see the report\n/);
  expect(message?.attributes).toMatchObject({ severity: ["critical", "warning"] });
});

test("what ended stands behind what lasts, whatever the order it came in", () => {
  const ended: Alert = alert({ status: "resolved", finding: finding({ summary: "Long gone" }) });
  const mail = mailOf(bulletin({ alerts: [ended, alert()] }));
  expect(mail).toMatch(/^CRITICAL /);
  expect(mail).toContain("RESOLVED  Long gone");
});

test("a server that is full has said so: that is known, and critical", () => {
  const full = { check: "server/unreachable", finding: finding({ evidence: { full: "server" } }) };
  const [mail] = renderBulletin(bulletin({ alerts: [alert(full)] }));
  expect(mail?.subject).toMatch(/^\[CRITICAL\]/);
  expect(mail?.body).toContain("npx pgvigil doctor --target production/orders");
  expect(mail?.body).toContain("Worked if: step 1 connects.");
});

test("a time that is none stops no message", () => {
  const odd = alert({ at: "soon", openedAt: "", samples: [{ at: "x", value: 1 }] });
  const changes = [{ at: "once", kind: "event" as const, text: "something" }];
  const all = renderBulletin(bulletin({ at: "now", alerts: [odd], changes }));
  expect(all.map(({ topic }) => topic)).toEqual(["alerts", "chat", "page", "events"]);
});

test("a database by its URL is reached by the variable that holds it, with the store", () => {
  const adhoc = bulletin({ target: { environment: "adhoc", name: "orders" } });
  expect(mailOf(adhoc, { places: "--store runs" })).toContain(
    'npx pgvigil locks --url "$DATABASE_URL" --store runs',
  );
  expect(mailOf(adhoc, { places: "--store runs" })).toContain(
    'npx pgvigil ack 7f3a91c2 --for 2h --why "..." --store runs',
  );
});

test("names in a card call nobody, link nowhere and end no code", () => {
  const summary = "<!channel> @here #general https://evil.example :bomb: *b* ```x```";
  const one = alert({ finding: finding({ summary, detail: [summary] }) });
  const [, card] = renderBulletin(bulletin({ alerts: [one] }));
  const { title, description } = JSON.parse(card?.body ?? "").content;
  for (const text of [title, description]) {
    expect(text).not.toMatch(/<!|@here|#general|:\/\/evil|:bomb:|\*b\*/);
  }
  expect(description.match(/```/g)).toHaveLength(2);
});

test("a filter that heard it begin hears it end", () => {
  const [page] = renderBulletin(
    bulletin({
      alerts: [
        alert({
          status: "resolved",
          severity: "warning",
          before: "warning",
          peak: { severity: "critical", at: "2026-11-20T03:15:00Z", summary: "worse" },
        }),
      ],
    }),
  ).filter(({ topic }) => topic === "page");
  expect(page?.attributes.severity).toEqual(["warning", "critical"]);
  expect(page?.subject).toMatch(/^OK: /);
});

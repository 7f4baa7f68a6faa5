import { expect, test } from "vitest";
import { digestMail } from "../../../lib/render/alerts/digest-mail.ts";
import { mailOf } from "../../../lib/render/alerts/mail.ts";
import { alert, bulletin } from "./sample-bulletin.ts";

const headOf = (timezone?: string, changes: Parameters<typeof alert>[0] = {}) =>
  mailOf(bulletin({ alerts: [alert(changes)] }), timezone === undefined ? {} : { timezone })
    .split("\n")
    .slice(0, 2)
    .join("\n");

test("the time in a mail's head is also that of the configuration's clocks, once", () => {
  const mail = mailOf(bulletin({ alerts: [alert()] }), { timezone: "Europe/Berlin" });
  expect(mail).toContain("03:12 UTC (04:12 Berlin, 6 min)");
  expect(mail.match(/Berlin/g)).toHaveLength(1);
  expect(headOf("America/Argentina/Buenos_Aires")).toContain("(00:12 Buenos Aires, 6 min)");
  for (const line of mail.split("\n")) expect(line.length).toBeLessThanOrEqual(72);
  expect(mail.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
});

test("summer time is heeded, and where the clock is UTC nothing is said twice", () => {
  const july = { openedAt: "2026-07-20T03:12:00.000Z", at: "2026-07-20T03:18:00.000Z" };
  expect(headOf("Europe/Berlin", july)).toContain("05:12 Berlin");
  for (const clock of [undefined, "UTC", "Etc/UTC"]) expect(headOf(clock)).toBe(headOf());
});

test("the digest says so of the time of the last one", () => {
  const digest = {
    ...{ id: "d", at: "2026-11-20T08:00:00.000Z", since: "2026-11-19T08:00:00.000Z" },
    ...{ targets: [], open: [], began: [], ended: [], unknown: [], watches: [] },
  };
  expect(digestMail(digest, { timezone: "Asia/Kolkata" })).toContain(
    "Since 19 Nov 08:00 UTC (13:30 Kolkata) 0 began",
  );
});

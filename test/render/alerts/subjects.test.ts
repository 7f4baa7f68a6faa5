import { expect, test } from "vitest";
import { subjectOf } from "../../../lib/render/alerts/subject.ts";
import { exampleAlerts } from "./example-findings.ts";
import { bulletin } from "./sample-bulletin.ts";

const subjects = exampleAlerts.map((alert) => subjectOf(bulletin({ alerts: [alert] })));

test("what is wrong stands in the subject, for every finding of the checks' own examples", () => {
  for (const subject of subjects.filter((one) => one.includes("..."))) {
    const [, said = ""] = subject.split("production/orders: ");
    expect(said.length).toBeGreaterThan(60);
  }
  expect(Math.max(...subjects.map(({ length }) => length))).toBeLessThan(100);
});

test("drift says what, and not since when; where there is no room the check goes, not the words", () => {
  const of = (summary: string, check: string) => {
    const [alert] = exampleAlerts;
    if (alert === undefined) throw new Error("no examples");
    return subjectOf(
      bulletin({ alerts: [{ ...alert, check, finding: { ...alert.finding, summary } }] }),
    ).replace(/^\[\w+\] /, "");
  };
  expect(
    of(
      "Index public.orders_customer was dropped by hand since the last look on 2026-11-20 13:00 UTC",
      "schema/drift-from-last",
    ),
  ).toBe("production/orders: Index public.orders_customer was dropped by hand (drift-from-last)");
  expect(
    of(
      "Trigger audit_order_items_of_guests on public.order_items is disabled: it does not fire",
      "constraints/disabled-trigger",
    ),
  ).toBe(
    "production/orders: Trigger audit_order_items_of_guests on public.order_items is disabled",
  );
});

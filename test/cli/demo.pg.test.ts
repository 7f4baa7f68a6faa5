import { expect, inject, test } from "vitest";
import { pgvigil } from "../support/cli.ts";

// The demo starts a server of its own, of the newest major; once is enough.
test.runIf(inject("major") >= 18)(
  "the demo shows the shop healthy, breaks it in every way, and every check notices",
  async () => {
    const { code, stdout, stderr } = await pgvigil(["demo"]);
    expect(stderr).toContain("Every one was noticed.");
    expect(code).toBe(0);
    const [healthy = "", broken = ""] = stdout.split(/^(?=demo\/shop: \d)/m);
    expect(healthy).toMatch(/^demo\/shop: healthy/);
    expect(broken).toContain("Unique index public.orders_number_key is invalid");
    expect(broken).toContain("17 rows of public.order_lines refer");
  },
);

import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Known, KnownCheck } from "../../lib/config/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { severitySchema } from "../../lib/core/severity.ts";
import { duration, share } from "../../lib/core/units.ts";

const check = (
  id: string,
  options: z.ZodObject = z.object({ severity: severitySchema.default("warning") }),
  presets: KnownCheck["presets"] = {},
): KnownCheck => ({ id, title: `${id} is well`, why: "Because.", options, presets });

const ages = z.object({
  warning: duration.default(60),
  critical: duration.optional().describe("From when on it pages"),
});

/** A vocabulary of checks, so that these tests are about configurations and not about checks. */
export const known: Known = {
  facets: ["structure", "validity", "privileges", "ownership"],
  checks: [
    check("activity/long-transaction", ages, { pulse: { warning: "5min", critical: "15min" } }),
    check("activity/prepared-transaction"),
    check(
      "capacity/connections",
      z.object({ warning: share.default(0.8), critical: share.default(0.95) }),
    ),
    check("constraints/not-enforced"),
    check("indexes/invalid"),
    check(
      "integrity/foreign-key-orphans",
      z.object({ budget: duration.default(20), severity: severitySchema.default("warning") }),
    ),
    check("locks/blocking-chain", ages),
    check("schema/drift-from-environment"),
  ],
};

export const contractExample = readFileSync(
  new URL("contract.example.yaml", import.meta.url),
  "utf8",
);

export const parse = (text: string) => parseConfig(text, "pgvigil.config.yaml", known);

/** The least there can be, with more at the top level. */
export const small = (more = "") => `schemaVersion: 1
environments:
  staging:
    targets:
      orders: { url: "postgres://stg/orders" }
${more}`;

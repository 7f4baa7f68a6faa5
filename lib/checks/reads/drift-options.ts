import * as z from "zod";

export const tenantsOption = z
  .array(z.string().min(1))
  .default([])
  .describe("Schemas that are made alike, as tenant_*: what differs in several is told once");

const asked = z.object({ tenants: z.array(z.string()).default([]) });

/** As the check that asks has it. */
export const tenantsIn = (options: Readonly<Record<string, unknown>>): readonly string[] =>
  asked.parse(options).tenants;

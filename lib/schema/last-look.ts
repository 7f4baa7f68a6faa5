import * as z from "zod";
import { trackerHeadSchema } from "../core/migrations.ts";
import type { ReadContext } from "../core/read.ts";
import { canonicalVersion } from "./fact.ts";
import { type Windows, windowsSchema } from "./windows.ts";

/** The check whose memory says which snapshot was the last, and how the catalogs stood then. */
export const remembersSnapshot = "schema/drift-from-last";

/** The last complete snapshot, whose it was, and where the migration tools stood. */
export const lastLookSchema = z.object({
  checksum: z.string(),
  canonical: z.int(),
  at: z.string(),
  systemIdentifier: z.string().nullable(),
  migrations: z.array(trackerHeadSchema).optional(),
});

const rememberedSchema = z.looseObject({ windows: windowsSchema });
type LastLook = z.infer<typeof lastLookSchema>;

/** A snapshot in another canonical form is no earlier state of this one. */
export function lastLookIn(past: ReadContext["past"]): LastLook | undefined {
  const { data } = lastLookSchema.safeParse(past(remembersSnapshot)?.memory);
  return data?.canonical === canonicalVersion ? data : undefined;
}

/** How partitions came and went, up to the last look. */
export const windowsIn = (past: ReadContext["past"]): Windows =>
  windowsOf(past(remembersSnapshot)?.memory) ?? {};

/** @param memory of the check that remembers snapshots */
export const windowsOf = (memory: unknown): Windows | undefined =>
  rememberedSchema.safeParse(memory).data?.windows;

import * as z from "zod";

/** What schema/drift-from-last remembers of the snapshot it saw. */
const memorySchema = z.looseObject({ checksum: z.string() });

export const lastSnapshotOf = (memory: unknown): { readonly checksum: string } | undefined =>
  memorySchema.safeParse(memory).data;

import * as z from "zod";

/** Columns of one table that this role may not read; none where it may not enter the schema. */
const missingGrantSchema = z.object({
  schema: z.string(),
  /** Quoted, as GRANT wants them. */
  sqlSchema: z.string(),
  sqlTable: z.string(),
  sqlColumns: z.array(z.string()),
  lacksUsage: z.boolean(),
});
export type MissingGrant = z.infer<typeof missingGrantSchema>;

const sideSchema = z.object({
  schema: z.string(),
  table: z.string(),
  sqlTable: z.string(),
  isPartitioned: z.boolean(),
  /** Pages of 8 kB: of the table, or of all its partitions. */
  pages: z.number(),
  /** The table and all its partitions. */
  relations: z.array(z.int()),
  hasForeignTable: z.boolean(),
  isUnlogged: z.boolean(),
  hidesRows: z.boolean(),
});

/** One foreign key as the catalog has it, with all that its count takes. */
export const foreignKeySchema = z.object({
  oid: z.int(),
  name: z.string(),
  sqlName: z.string(),
  identity: z.string(),
  child: sideSchema,
  parent: sideSchema,
  /** In the order of the constraint; `equals` compares `pk.` with `fk.` as the constraint does. */
  columns: z.array(z.object({ sql: z.string(), equals: z.string(), isNotNull: z.boolean() })),
  isMatchFull: z.boolean(),
  isValidated: z.boolean(),
  isEnforced: z.boolean(),
  isTemporal: z.boolean(),
  disabledTriggers: z.int(),
  /** Names an operator or cast that would run a function of this database's users. */
  untrusted: z.string().nullable(),
  missing: z.array(missingGrantSchema),
});
export type ForeignKey = z.infer<typeof foreignKeySchema>;

/** Does it say of itself that rows may break it? Those are counted first. */
export const isSuspect = (key: ForeignKey): boolean =>
  !key.isValidated || !key.isEnforced || key.disabledTriggers > 0;

export const pagesOf = (key: ForeignKey): number =>
  key.child.relations.join() === key.parent.relations.join()
    ? key.child.pages
    : key.child.pages + key.parent.pages;

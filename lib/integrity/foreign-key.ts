import * as z from "zod";

const sideSchema = z.object({
  schema: z.string(),
  table: z.string(),
  /** Quoted, as SQL wants them. */
  sqlSchema: z.string(),
  sqlTable: z.string(),
  lacksUsage: z.boolean(),
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
  /** Columns that this role may not read, quoted. */
  childLacks: z.array(z.string()),
  parentLacks: z.array(z.string()),
});
export type ForeignKey = z.infer<typeof foreignKeySchema>;

/** Does it say of itself that rows may break it? Those are counted first. */
export const isSuspect = (key: ForeignKey): boolean =>
  !key.isValidated || !key.isEnforced || key.disabledTriggers > 0;

export const pagesOf = (key: ForeignKey): number =>
  key.child.relations.join() === key.parent.relations.join()
    ? key.child.pages
    : key.child.pages + key.parent.pages;

/** What this role may not read of one table. Without USAGE the schema is closed altogether. */
export const missingGrantSchema = z.object({
  sqlTable: z.string(),
  sqlColumns: z.array(z.string()),
  /** The schema, quoted, where USAGE on it is what lacks. */
  sqlSchema: z.string().optional(),
});
export type MissingGrant = z.infer<typeof missingGrantSchema>;

export const missingGrants = ({ child, parent, childLacks, parentLacks }: ForeignKey) =>
  [missingOf(child, childLacks), missingOf(parent, parentLacks)].filter(
    ({ sqlColumns, sqlSchema }) => sqlColumns.length > 0 || sqlSchema !== undefined,
  );

const missingOf = (
  { sqlTable, sqlSchema, lacksUsage }: ForeignKey["child"],
  sqlColumns: string[],
): MissingGrant => ({ sqlTable, sqlColumns, ...(lacksUsage ? { sqlSchema } : {}) });

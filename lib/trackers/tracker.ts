import * as z from "zod";

/** A table that has the shape of a tool's, as the catalog tells it. */
export const trackerTableSchema = z.object({
  tool: z.string(),
  schema: z.string(),
  table: z.string(),
  /** Quoted, as SQL wants them. */
  sqlSchema: z.string(),
  sqlTable: z.string(),
  columns: z.array(z.string()),
  isPartitioned: z.boolean(),
  /** The table and all its partitions. */
  relations: z.array(z.int()),
  hasForeignTable: z.boolean(),
  /** ACCESS EXCLUSIVE is held on it, or waited for. */
  isLocked: z.boolean(),
  hidesRows: z.boolean(),
  lacksUsage: z.boolean(),
  /** Columns of those that must be read that this role may not, quoted. */
  lacks: z.array(z.string()),
});
export type TrackerTable = z.infer<typeof trackerTableSchema>;

/**
 * What a tracker says of one migration. `unfinished` began and did not end: it runs, or it died.
 * `failed` is on record as failed. `superseded` is unfinished, yet a later try succeeded.
 */
const states = ["applied", "undone", "unfinished", "failed", "superseded"] as const;

export const migrationSchema = z.object({
  version: z.string(),
  state: z.enum(states),
  /** As the tool recorded it; null where it records no time. */
  since: z.string().nullable(),
});
export type Migration = z.infer<typeof migrationSchema>;

type TypeName =
  | "bool"
  | "bpchar"
  | "bytea"
  | "int2"
  | "int4"
  | "int8"
  | "numeric"
  | "text"
  | "timestamp"
  | "timestamptz"
  | "uuid"
  | "varchar";

/** What a person does about a migration that is dirty, in the tool's own words. */
export interface Advice {
  /** What the tool does meanwhile: a sentence. */
  readonly meanwhile: string;
  /** Shows the rows in question. */
  readonly look: string;
  /** Commands of a shell, each with when to type it. */
  readonly commands: readonly { readonly when: string; readonly type: string }[];
}

/** A migration tool: how its table is recognised and read. One file each. */
export interface Tracker {
  readonly tool: string;
  /** The columns that make its shape, with the types that each may have. More may be there. */
  readonly shape: Readonly<Record<string, readonly TypeName[]>>;
  /** Those of them that `rows` reads. */
  readonly reads: readonly string[];
  /** What tells it from a look-alike beside the shape. */
  readonly fits?: (table: TrackerTable) => boolean;
  /** A table with more rows than that is not the tool's. */
  readonly mostRows?: number;
  /** Does it keep a row a migration, or only the newest version? */
  readonly keepsHistory: boolean;
  /** One SELECT over `from`: version text, state text, since text. */
  readonly rows: (from: string) => string;
  /** The keys of pg_advisory_lock() that it holds while it works, as signed bigints. */
  readonly lockKeys: (table: TrackerTable, database: string) => readonly bigint[];
  readonly advise: (migration: Migration, table: TrackerTable) => Advice;
}

/** Inheritance children are no part of a tracker, and may be foreign tables. */
export const fromOf = ({ isPartitioned, sqlTable }: TrackerTable): string =>
  isPartitioned ? sqlTable : `ONLY ${sqlTable}`;

import * as z from "zod";
import { type ResultOf, sqlRead } from "../../core/read.ts";
import { silentTriggersSql } from "./silent-triggers-sql.ts";

/** Never, or only with session_replication_role = replica. */
const mode = z.enum(["disabled", "replica"]);

const ruleSchema = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  identity: z.string(),
  sqlTable: z.string(),
  sqlName: z.string(),
  mode,
  isOfExtension: z.boolean(),
});
export type SilentRule = z.infer<typeof ruleSchema>;

const triggerSchema = ruleSchema.extend({
  /** Tables that have it: one, or a partitioned table and its partitions. */
  tableCount: z.int(),
  /** Those where it is silent, quoted. */
  silent: z.array(z.string()),
});
export type SilentTrigger = z.infer<typeof triggerSchema>;

/**
 * `referencing` looks up what is written, `referenced` refuses or cascades what is deleted there,
 * `recheck` ends the test of a deferrable unique or exclusion constraint.
 */
const sideSchema = z.object({
  side: z.enum(["referencing", "referenced", "recheck"]),
  mode,
  tableCount: z.int(),
  /** Tables and the quoted names of their silent triggers. */
  silent: z.array(z.object({ table: z.string(), triggers: z.array(z.string()) })),
});
export type SilentSide = z.infer<typeof sideSchema>;

const constraintSchema = ruleSchema.omit({ mode: true, isOfExtension: true }).extend({
  type: z.enum(["foreign key", "unique", "exclusion"]),
  isPartitioned: z.boolean(),
  /** Of a foreign key. */
  definition: z.string().nullable(),
  sides: z.array(sideSchema),
});
export type UnenforcedConstraint = z.infer<typeof constraintSchema>;

const eventTriggerSchema = ruleSchema.pick({
  name: true,
  identity: true,
  mode: true,
  isOfExtension: true,
});
export type SilentEventTrigger = z.infer<typeof eventTriggerSchema>;

const settingSchema = z.object({
  /** Quoted names; null is: any. */
  role: z.string().nullable(),
  database: z.string().nullable(),
});
export type ReplicaSetting = z.infer<typeof settingSchema>;

/**
 * Triggers, rules and event triggers that do not fire in an ordinary session, and where that is
 * set for whole sessions. Answers one row, so that the counts come along where all fire.
 */
export const silentTriggers = sqlRead({
  id: "silent-triggers",
  sql: silentTriggersSql,
  row: z.object({
    triggers: z.int(),
    foreignKeys: z.int(),
    rules: z.int(),
    eventTriggers: z.int(),
    userTriggers: z.array(triggerSchema),
    constraints: z.array(constraintSchema),
    silentRules: z.array(ruleSchema),
    silentEventTriggers: z.array(eventTriggerSchema),
    settings: z.array(settingSchema),
    /** Set in postgresql.conf, by ALTER SYSTEM or on the command line. */
    isServerwide: z.boolean(),
  }),
});
export type SilentTriggers = ResultOf<typeof silentTriggers>[number];

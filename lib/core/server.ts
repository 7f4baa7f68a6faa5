import * as z from "zod";

/**
 * What the probe at the start of a session learns: who answers, and what this role can see.
 * Every privilege is the effective one (by membership too).
 */
export const serverSchema = z.object({
  /** As `server_version` says it, without the packager's words: `16.4`. */
  version: z.string(),
  versionNum: z.int(),
  database: z.string(),
  databaseOid: z.int(),
  role: z.string(),
  inRecovery: z.boolean(),
  /** Null where the role may not call pg_control_system(). */
  systemIdentifier: z.string().nullable(),
  timeline: z.int().nullable(),
  /** pg_postmaster_start_time(), ISO 8601 in UTC with microseconds. */
  startedAt: z.string(),
  /** The server's clock at the probe, ISO 8601 in UTC with milliseconds. */
  now: z.string(),
  backendPid: z.int(),
  isSuperuser: z.boolean(),
  bypassesRls: z.boolean(),
  /** pg_read_all_stats (a part of pg_monitor): other roles' sessions can be seen. */
  readsAllStats: z.boolean(),
  /** pg_read_all_settings (a part of pg_monitor). */
  readsAllSettings: z.boolean(),
  /** pg_read_all_data (14+). */
  readsAllData: z.boolean(),
  /** Installed extensions: name to version. */
  extensions: z.record(z.string(), z.string()),
});
export type Server = z.infer<typeof serverSchema>;

/** The part of it that a report keeps. */
export const reportedServerSchema = serverSchema.pick({
  version: true,
  versionNum: true,
  database: true,
  databaseOid: true,
  role: true,
  inRecovery: true,
  systemIdentifier: true,
  timeline: true,
  startedAt: true,
});

/** What counters belong to: another server, role or start, and they begin anew. */
export const countingServerSchema = serverSchema.pick({
  versionNum: true,
  databaseOid: true,
  inRecovery: true,
  systemIdentifier: true,
  timeline: true,
  startedAt: true,
});
export type CountingServer = z.infer<typeof countingServerSchema>;

/**
 * Did the counters of then go on? What one of the two could not read says nothing. Nor does the
 * timeline: the control file names the old one until the first checkpoint after a promotion, which
 * may take minutes, and a standby follows a new one without a restart.
 */
export const isSameCounting = (then: CountingServer, now: CountingServer): boolean =>
  then.versionNum === now.versionNum &&
  then.databaseOid === now.databaseOid &&
  then.inRecovery === now.inRecovery &&
  then.startedAt === now.startedAt &&
  isSameIfKnown(then.systemIdentifier, now.systemIdentifier);

const isSameIfKnown = <T>(a: T | null, b: T | null): boolean => a === null || b === null || a === b;

export const majorOf = (server: Pick<Server, "versionNum">): number =>
  Math.floor(server.versionNum / 10_000);

import type { Tracker } from "./tracker.ts";

/** "Flyway" in ASCII. */
const magic = 0x466c_7977_6179n;

/** PostgreSQLAdvisoryLockTemplate.java: the magic number plus the hash of the quoted table name. */
export const flywayLockKey = (schema: string, table: string): bigint =>
  magic + BigInt(javaHash(`${quoted(schema)}.${quoted(table)}`));

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** java.lang.String.hashCode(): over UTF-16 units, signed, 32 bits. */
function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** https://github.com/flyway/flyway, PostgreSQLDatabase.java and DbMigrate.java */
export const flyway: Tracker = {
  tool: "Flyway",
  shape: {
    installed_rank: ["int4"],
    version: ["varchar", "text"],
    description: ["varchar", "text"],
    type: ["varchar", "text"],
    script: ["varchar", "text"],
    checksum: ["int4"],
    installed_by: ["varchar", "text"],
    installed_on: ["timestamp", "timestamptz"],
    execution_time: ["int4"],
    success: ["bool"],
  },
  reads: ["version", "description", "installed_on", "success"],
  keepsHistory: true,
  // A repeatable migration has no version. A failure is on record only where the migration did not
  // run in a transaction: otherwise it left nothing.
  rows: (from) => `
    SELECT COALESCE(version::pg_catalog.text, 'R__' || description) AS version,
           CASE WHEN success THEN 'applied' ELSE 'failed' END AS state,
           installed_on::pg_catalog.text AS since
      FROM ${from}`,
  lockKeys: ({ schema, table }) => [flywayLockKey(schema, table)],
  advise: (_, { sqlTable }) => ({
    meanwhile:
      "It did not run in a transaction, so what it did before it failed is still there. Flyway refuses to migrate.",
    look: `SELECT installed_rank, version, description, script, installed_on\n  FROM ${sqlTable}\n WHERE NOT success\n ORDER BY installed_rank;`,
    commands: [
      {
        when: "once you undid by hand what it did: forgets the failure",
        type: "flyway repair",
      },
      { when: "then", type: "flyway migrate" },
    ],
  }),
};

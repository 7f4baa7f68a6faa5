import { quoteLiteral } from "../core/sql.ts";
import type { Tracker } from "./tracker.ts";

const texts = ["text", "varchar", "bpchar"] as const;

/** The table that runners of one's own keep: a row a migration, dirty while it runs. */
export const plain: Tracker = {
  tool: "schema_migrations",
  shape: {
    version: [...texts, "int2", "int4", "int8", "numeric"],
    applied_at: ["timestamptz", "timestamp"],
    dirty: ["bool"],
    checksum: [...texts, "bytea", "uuid", "int4", "int8"],
  },
  reads: ["version", "applied_at", "dirty"],
  keepsHistory: true,
  rows: (from) => `
    SELECT version::pg_catalog.text AS version,
           CASE WHEN dirty THEN 'unfinished' ELSE 'applied' END AS state,
           applied_at::pg_catalog.text AS since
      FROM ${from}`,
  lockKeys: () => [],
  advise: ({ version }, { sqlTable }) => ({
    meanwhile:
      "Runners that keep such a table refuse later migrations. It records no lock: make sure that none runs now.",
    look: `SELECT version, applied_at, dirty FROM ${sqlTable} WHERE dirty ORDER BY applied_at;`,
    commands: [
      {
        when: "once the schema is as that migration leaves it, in psql",
        type: /\p{Cc}/u.test(version)
          ? `UPDATE ${sqlTable} SET dirty = false WHERE version = VERSION;`
          : `UPDATE ${sqlTable} SET dirty = false WHERE version = ${quoteLiteral(version)};`,
      },
    ],
  }),
};

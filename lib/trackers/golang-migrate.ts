import { crc32 } from "node:zlib";
import { shellWord } from "./shell.ts";
import type { Tracker } from "./tracker.ts";

const salt = 1_486_364_155;

/**
 * database/util.go, GenerateAdvisoryLockId: CRC-32 (IEEE) of the names joined by NUL, the database
 * last, times a salt, modulo 2^32.
 */
export const golangLockKey = (...names: readonly string[]): bigint =>
  BigInt(Math.imul(crc32(names.join("\0")), salt) >>> 0);

/** https://github.com/golang-migrate/migrate, database/postgres/postgres.go and database/pgx */
export const golangMigrate: Tracker = {
  tool: "golang-migrate",
  shape: { version: ["int8"], dirty: ["bool"] },
  reads: ["version", "dirty"],
  fits: ({ table, columns }) => table === "schema_migrations" || columns.length === 2,
  mostRows: 1, // SetVersion truncates before it inserts
  keepsHistory: false,
  rows: (from) => `
    SELECT version::pg_catalog.text AS version,
           CASE WHEN dirty THEN 'unfinished' ELSE 'applied' END AS state,
           NULL::pg_catalog.text AS since
      FROM ${from}
     LIMIT 2`,
  // Opened by a URL, the tool takes the URL's path for the database's name, slash and all. Older
  // releases left the table out of the key.
  lockKeys: ({ schema, table }, database) =>
    [database, `/${database}`].flatMap((name) => [
      golangLockKey(schema, table, name),
      golangLockKey(schema, name),
    ]),
  advise: ({ version }, { sqlTable }) => ({
    meanwhile: `golang-migrate refuses every command but force ("Dirty database version ${version}. Fix and force version.").`,
    look: `SELECT version, dirty FROM ${sqlTable};`,
    commands: [
      {
        when: "if you completed it by hand",
        type: `migrate -path DIR -database URL force ${shellWord(version)}`,
      },
      {
        when: "if you undid what it did: the version before it",
        type: "migrate -path DIR -database URL force VERSION",
      },
    ],
  }),
};

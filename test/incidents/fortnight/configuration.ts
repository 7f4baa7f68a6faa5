const databases = (count: number): string =>
  Array.from({ length: count }, (_, i) => String(i + 1).padStart(2, "0"))
    .map((n) => `      db-${n}: { url: "postgres://pgvigil@db-${n}.example.com/shop" }`)
    .join("\n");

/** What somebody careful wrote: their rules, and Sunday's hour of VACUUM FULL. */
export const configuration = (fleet: number, ignore: readonly string[]): string => `
schemaVersion: 1
timezone: UTC
store: ./store
environments:
  production:
    owner: platform
    auth: { passwordEnv: SECRET }
    targets:
${databases(fleet)}
owners: { platform: { contact: "#platform" } }
${ignore.length === 0 ? "" : `ignore:\n${ignore.map((rule) => `  - ${rule}`).join("\n")}`}
maintenance:
  - { cron: "0 4 * * 0", for: 1h, targets: ["production/*"], mute: ["activity/*", "locks/*"], reason: weekly VACUUM FULL }
alerts: { digest: "0 8 * * 1-5" }
profiles: { nightly: { cron: "0 3 * * *" } }
`;

export const etlRule =
  "{ check: activity/long-transaction, role: etl, reason: nightly load, until: 2027-03-31 }";

/** A new partition is no drift; a dropped one is, and of these cron drops the oldest each night. */
export const partitionRule =
  '{ check: "schema/*", kind: table, name: "public.events_*", reason: kept for some days }';

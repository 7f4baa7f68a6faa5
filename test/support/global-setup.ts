import type { TestProject } from "vitest/node";
import { findInstallation, hasExtension } from "../../lib/adapters/local/embedded/installed.ts";
import { startEmbedded } from "../../lib/adapters/local/embedded-postgres.ts";
import { sharedSettings } from "./settings.ts";
import type { TestServer } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Said by vitest.config.ts. */
    major: number;
    /** The server that all files of a project share. */
    server: TestServer;
  }
}

/** One server a major for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { major } = project.getProvidedContext();
  const statements = hasExtension(findInstallation(major), "pg_stat_statements");
  const server = await startEmbedded({
    major,
    settings: {
      ...sharedSettings,
      ...(statements ? { shared_preload_libraries: "pg_stat_statements" } : {}),
    },
  });
  const { version, host, port, user, password, directory } = server;
  project.provide("server", { major, version, host, port, user, password, directory });
  return () => server.stop("immediate");
}

import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { findInstallation, hasExtension } from "../../lib/adapters/local/embedded/installed.ts";
import { sharedSettings } from "./settings.ts";
import { makeTemplate, startFrom, type Template } from "./template.ts";
import type { TestServer } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Said by vitest.config.ts. */
    major: number;
    /** What every server of a project begins as a copy of. */
    template: Template;
    /** The server that all files of a project share. */
    server: TestServer;
  }
}

/** One server a major for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { major } = project.getProvidedContext();
  const statements = hasExtension(findInstallation(major), "pg_stat_statements");
  const template = await makeTemplate(major, randomBytes(18).toString("base64url"));
  const server = await startFrom(template, major, {
    ...sharedSettings,
    ...(statements ? { shared_preload_libraries: "pg_stat_statements" } : {}),
  });
  const { version, host, port, user, password, directory } = server;
  project.provide("template", { folder: template.folder, password: template.password });
  project.provide("server", { major, version, host, port, user, password, directory });
  return async () => {
    await server.stop("immediate");
    await template[Symbol.asyncDispose]();
  };
}

import { inject } from "vitest";
import type { EmbeddedServer } from "../../lib/adapters/local/embedded-postgres.ts";
import { type Settings, startFrom } from "./template.ts";

/**
 * A server of a test's own, of the project's major, where what it does is of all databases of one.
 * All of them have one system identifier.
 */
export const ownServer = (settings: Settings): Promise<EmbeddedServer> =>
  startFrom(inject("template"), inject("major"), settings);

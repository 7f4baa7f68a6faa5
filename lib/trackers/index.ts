import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { plain } from "./plain.ts";
import { prisma } from "./prisma.ts";
import type { Tracker } from "./tracker.ts";

/** Every tool that is known. Of several that fit a table, the first has it. */
export const trackers: readonly Tracker[] = [flyway, prisma, plain, golangMigrate];

export const trackerOf = (tool: string): Tracker | undefined =>
  trackers.find((tracker) => tracker.tool === tool);

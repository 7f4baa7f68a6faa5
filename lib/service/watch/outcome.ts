import * as z from "zod";
import { movementBetween, trackerHeadSchema } from "../../core/migrations.ts";
import type { Store } from "../../core/ports.ts";
import { printable } from "../../core/printable.ts";
import type { Watch, WatchOutcome } from "../../core/watch.ts";
import { recall } from "../../run/memory.ts";
import { differencesBetween } from "../../schema/canonical/differences.ts";
import { SnapshotError } from "../../schema/file.ts";
import { remembersSnapshot } from "../../schema/last-look.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { baselineOf } from "../../watch/baseline.ts";

const signs = { added: "+", removed: "-", changed: "~" } as const;
const mostLines = 5;

/** What the deployment did to the database: from the baseline to the last look that read it. */
export async function outcomeOf(store: Store, watch: Watch): Promise<WatchOutcome> {
  const [migrations, schema] = [await migrationsOf(store, watch), await schemaOf(store, watch)];
  return {
    ...(migrations === undefined ? {} : { migrations }),
    ...(schema === undefined ? {} : { schema }),
  };
}

const headsSchema = z.looseObject({ migrations: z.array(trackerHeadSchema) });

async function migrationsOf(store: Store, { id, target }: Watch): Promise<string[] | undefined> {
  const then = headsSchema.safeParse((await baselineOf(store, id))(remembersSnapshot)?.memory).data;
  const now = headsSchema.safeParse((await recall(store, target))(remembersSnapshot)?.memory).data;
  if (then === undefined || now === undefined) return undefined;
  const { migrations, dirty } = movementBetween(then.migrations, now.migrations);
  return [...migrations, ...dirty.map((version) => `${version} (dirty)`)];
}

async function schemaOf(store: Store, { baseline, looks }: Watch): Promise<string[] | undefined> {
  const before = baseline?.checksum;
  const after = looks.findLast(({ checksum }) => checksum !== undefined)?.checksum;
  if (before === undefined || after === undefined) return undefined;
  if (before === after) return [];
  try {
    const sides = [await loadSnapshot(store, before), await loadSnapshot(store, after)] as const;
    const { differences } = await differencesBetween(...sides);
    return inFive(
      differences.map(({ change, kind, identity }) =>
        printable(`${signs[change]} ${kind} ${identity}`),
      ),
    );
  } catch (error) {
    if (error instanceof SnapshotError) return undefined;
    throw error;
  }
}

const inFive = (lines: readonly string[]): string[] =>
  lines.length <= mostLines
    ? [...lines]
    : [...lines.slice(0, mostLines - 1), `  and ${lines.length - mostLines + 1} more`];

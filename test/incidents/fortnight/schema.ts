import { example } from "../../../lib/checks/constraints/unproven/examples.ts";
import type { UnprovenConstraint } from "../../../lib/checks/reads/unproven-constraints.ts";
import type { Comparison } from "../../../lib/schema/comparison.ts";
import type { Difference } from "../../../lib/schema/diff.ts";
import { explain } from "../../../lib/schema/explained.ts";
import { type Fact, keyOf } from "../../../lib/schema/fact.ts";
import { lastLookSchema } from "../../../lib/schema/last-look.ts";
import { trackersLook } from "../../../lib/trackers/heads.ts";
import type { TrackerRead } from "../../../lib/trackers/state.ts";
import { indexBuild } from "./activity.ts";
import { type Database, preparedAt, sinceRelease } from "./database.ts";
import { day, isoAt, minuteOf } from "./time.ts";

/** A change of the schema, by a migration or by hand. */
export interface Change {
  readonly at: number;
  readonly difference: Difference;
}

/**
 * Minutes after a deployment was prepared at which its migrations end: a column and a constraint
 * NOT VALID, an index, and the VALIDATE, which one of two leaves for later.
 */
const migrationsOf = ({ number }: Database) => [1, 14, number % 4 < 2 ? 35 : 14] as const;

/** When all of a release's migrations but the last, which validates, are through. */
export const deployedAfter = 15;

function trackerAt(database: Database, minute: number): TrackerRead {
  const since = sinceRelease(database, minute);
  const done = migrationsOf(database).filter((at) => at <= since).length;
  const isRunning = since >= indexBuild.from && since < indexBuild.from + indexBuild.for;
  const version = 41 + done;
  const isFlyway = database.tool === "Flyway";
  const name = isFlyway ? "flyway_schema_history" : "schema_migrations";
  const isDirty = isRunning && !isFlyway;
  const newest = Array.from({ length: isFlyway ? 20 : 1 }, (_, i) => ({
    version: String(version - i),
    since: isFlyway ? `2026-10-${String(20 - i).padStart(2, "0")} 10:00:00+00` : null,
  }));
  return {
    table: {
      ...{ tool: database.tool, schema: "public", table: name, sqlSchema: "public" },
      ...{ sqlTable: `public.${name}`, columns: [], isPartitioned: false, relations: [16_390] },
      ...{
        hasForeignTable: false,
        isLocked: false,
        hidesRows: false,
        lacksUsage: false,
        lacks: [],
      },
    },
    state: {
      ...{ rows: isFlyway ? version : 1, applied: isDirty ? 0 : isFlyway ? version : 1 },
      version: String(isDirty ? version + 1 : version),
      unresolved: isDirty
        ? [{ version: String(version + 1), state: "unfinished", since: null }]
        : [],
      holders: isRunning ? [{ pid: 6000, role: "deploy", application: null }] : [],
      digest: `${version}${isDirty}`,
      newest: isDirty ? [] : newest,
    },
  };
}

const fact = (kind: string, name: string, facets: Fact["facets"]): Fact => ({
  ...{ kind, identity: `public.${name}`, schema: "public", name, table: "orders", facets },
});

const differs = (before: Fact | null, after: Fact | null): Difference => {
  const { kind, identity } = after ?? before ?? fact("table", "", {});
  const change = before === null ? "added" : after === null ? "removed" : "changed";
  const changed = { facet: "validity" as const, attribute: "invalid", before: true, after: null };
  const attributes = change === "changed" ? [changed] : [];
  return { change, kind, identity, before, after, attributes, consequences: [] };
};

const index = (invalid: boolean) =>
  fact("index", "orders_day", {
    structure: { definition: "CREATE INDEX orders_day ON public.orders USING btree (day)" },
    ...(invalid ? { validity: { invalid: true } } : {}),
  });

const check = (isValid: boolean) =>
  fact("constraint", "orders_gift", {
    structure: { definition: "CHECK (gift IS NOT NULL)" },
    ...(isValid ? {} : { validity: { notValid: true } }),
  });

/** What the release changes, each with its migration. */
function changesOf(database: Database): readonly Change[] {
  const begin = preparedAt(database);
  const [columnAdded, built, validated] = migrationsOf(database);
  const column = fact("column", "orders.gift", { structure: { type: "boolean" } });
  return [
    { at: begin + columnAdded, difference: differs(null, column) },
    { at: begin + columnAdded, difference: differs(null, check(false)) },
    { at: begin + indexBuild.from, difference: differs(null, index(true)) },
    { at: begin + built, difference: differs(index(true), index(false)) },
    { at: begin + validated, difference: differs(check(false), check(true)) },
  ];
}

/** Sealed on the Friday before, and by a watch that ends well. */
function sealedAt(database: Database, minute: number, isWell: boolean): number {
  const ended = preparedAt(database) + deployedAfter + 2 * day;
  return isWell && minute > ended ? ended : -3 * day;
}

export function schemaOf(database: Database, byHand: readonly Change[] = []) {
  const changes = [...changesOf(database), ...byHand];
  const live = (minute: number) => ({
    checksum: `sha256:${changes.filter(({ at }) => at <= minute).length}`,
    ...{ canonical: 1, takenAt: isoAt(minute), objects: 300, unread: [], unmodelled: {} },
    systemIdentifier: database.server.systemIdentifier,
    trackers: trackersLook([trackerAt(database, minute)], "pgvigil"),
  });
  const compared = (
    from: number,
    minute: number,
    migrations: Parameters<typeof explain>[0],
  ): Comparison => {
    const now = live(minute);
    const differences = changes
      .filter(({ at }) => at > from && at <= minute)
      .map(({ difference }) => difference);
    return {
      ...{ state: "compared", target: `production/${database.name}`, live: now, differences },
      against: {
        ...{ checksum: "sha256:41", canonical: 1, at: isoAt(from), by: "ci@example.com" },
        ...{
          why: "a healthy watch",
          ...(migrations === undefined ? {} : { migrations: [...migrations] }),
        },
      },
      apart: [],
      explanation: explain(migrations, now.trackers),
    };
  };
  const lastOf = (minute: number, memory: unknown): Comparison => {
    const { data } = lastLookSchema.safeParse(memory);
    const target = `production/${database.name}`;
    if (data === undefined) return { state: "nothing-there", target, live: live(minute) };
    return compared(minuteOf(data.at), minute, data.migrations);
  };
  const sealedOf = (minute: number): Comparison => {
    const at = sealedAt(database, minute, byHand.length === 0);
    return compared(at, minute, live(at).trackers.heads);
  };
  return {
    trackers: (minute: number): readonly TrackerRead[] => [trackerAt(database, minute)],
    last: lastOf,
    sealed: sealedOf,
    /** What is new since the last look, and told as a difference from the seal. */
    told(minute: number, memory: unknown): readonly string[] {
      const keysOf = (one: Comparison) =>
        one.state === "compared" ? one.differences.map(keyOf) : [];
      const sealed = new Set(keysOf(sealedOf(minute)));
      return keysOf(lastOf(minute, memory)).filter((key) => sealed.has(key));
    },
    unproven(minute: number): readonly UnprovenConstraint[] {
      const since = sinceRelease(database, minute);
      const [columnAdded, , validated] = migrationsOf(database);
      if (since < columnAdded || since >= validated) return [];
      const [name, identity] = ["orders_gift", "orders_gift on public.orders"];
      return [example({ type: "check", name, identity, sqlName: name, referenced: null })];
    },
    /** Being built: somebody is at it. */
    isBuilding(minute: number): boolean {
      const since = sinceRelease(database, minute);
      return since >= indexBuild.from && since < indexBuild.from + indexBuild.for;
    },
  };
}

export const handMade = (name: string, at: number): Change => ({
  at,
  difference: differs(
    null,
    fact("index", name, {
      structure: { definition: `CREATE INDEX ${name} ON public.orders USING btree (note)` },
    }),
  ),
});

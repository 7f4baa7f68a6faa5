import { checks } from "../../../lib/checks/index.ts";
import type { SuspectIndex } from "../../../lib/checks/reads/invalid-indexes.ts";
import { perMinute, pictureAt, type Visitor } from "./activity.ts";
import { type Database, onSunday, reindex } from "./database.ts";
import { agesAt, growthAt, indexUseAt, limitsAt, statementsAt, vitalsAt } from "./numbers.ts";
import { rowsAt } from "./rows.ts";
import { type Change, schemaOf } from "./schema.ts";
import { isoAt } from "./time.ts";

/** What goes wrong on one database. */
export interface Fault {
  readonly visitor?: Visitor;
  readonly byHand?: readonly Change[];
  /** The answer to a read instead of the usual one. */
  readonly answer?: (read: string, minute: number, usual: unknown) => unknown;
}

type Memories = (check: string) => unknown;
export type Answers = (read: string, minute: number, past: Memories) => unknown;

/** Of reads that answer the same all the time: what the healthy example of their check has. */
const still = new Map(
  checks.flatMap(({ examples, reads }) => {
    const healthy = examples.find(({ finds, blind }) => finds.length === 0 && blind === undefined);
    return Object.entries(reads).map(([name, { id }]) => [id, healthy?.evidence[name]] as const);
  }),
);

/** What the reads of the checks answer, at any minute. */
export function answersOf(database: Database, fault: Fault = {}): Answers {
  const schema = schemaOf(database, fault.byHand);
  const at: Readonly<Record<string, (minute: number, past: Memories) => unknown>> = {
    connection: (minute) => ({
      reached: true,
      server: { ...database.server, now: isoAt(minute) },
    }),
    activity: (minute) => [pictureAt(database, minute, fault.visitor)],
    horizons: (minute) => horizonsAt(database, minute),
    "connection-limits": (minute) => limitsAt(database, minute),
    "freeze-ages": (minute) => agesAt(database, minute),
    "table-growth": (minute) => growthAt(database, minute),
    "table-rows": (minute) => rowsAt(database, minute),
    "index-use": (minute) => indexUseAt(database, minute),
    "statement-counters": (minute) => statementsAt(database, minute),
    vitals: (minute) => vitalsAt(database, minute),
    "tracker-states": (minute) => schema.trackers(minute),
    "schema-against-last": (minute, past) => schema.last(minute, past("schema/drift-from-last")),
    "schema-told-of-baseline": (minute, past) =>
      schema.told(minute, past("schema/drift-from-last")),
    "schema-against-baseline": (minute) => schema.sealed(minute),
    "schema-against-reference": () => ({ reference: null, comparison: null }),
    "unproven-constraints": (minute) => [
      {
        ...{ foreignKeys: 43, checks: 12, notNulls: 0, domainChecks: 1, ofExtensions: 0 },
        unproven: schema.unproven(minute),
      },
    ],
    "invalid-indexes": (minute) => ({
      ...{ indexes: 311, schemas: 4, missing: [] },
      suspects:
        schema.isBuilding(minute) || onSunday(reindex, minute) !== undefined ? [building] : [],
    }),
  };
  return (read, minute, past) => {
    const usual = at[read]?.(minute, past) ?? still.get(read);
    return fault.answer?.(read, minute, usual) ?? usual;
  };
}

/** A consumer of changes that keeps up, a few transactions behind. */
const horizonsAt = (database: Database, minute: number) =>
  database.hasConsumer
    ? [
        {
          ...{ kind: "slot", name: "cdc", isLogical: true, isActive: true, consumer: "debezium" },
          ...{ isVisible: true, xmin: null, xminAge: null, inactive: null },
          catalogXmin: String(Math.round(minute * perMinute(database)) + 9_000_000),
          catalogXminAge: 300,
        },
      ]
    : [];

const building: SuspectIndex = {
  ...{ oid: 17_100, schema: "public", table: "orders", name: "orders_day", isUnique: false },
  ...{ identity: "public.orders_day", sqlTable: "public.orders", isReady: false, isLive: true },
  ...{ sizeBytes: 0, isToast: false, isCatalog: false, isBusy: true, constraint: null },
  ...{ columns: null, nullsAreDistinct: true, copyOf: null, enforcedBy: null, parent: null },
  ...{ isPartitioned: false, partitionCount: 0, soundPart: null, lacking: [] },
};

import type { TableRows } from "../../../lib/checks/reads/table-rows.ts";
import { type Database, endedBy, fullVacuum, runningFor } from "./database.ts";
import { counted, countedSince } from "./numbers.ts";
import { day, isoAt, sunday } from "./time.ts";

const loaded = 8_000_000;

/** Rows as the statistics have them: what is emptied and filled by night, and what grows. */
export function rowsAt(database: Database, minute: number) {
  const nights = endedBy(database.etl, minute) + 93;
  const at = isoAt(minute);
  const of = (name: string, oid: number, more: Partial<TableRows>): TableRows => ({
    ...{ oid, schema: "public", name, identity: `public.${name}`, rootName: null, file: oid },
    ...{ isUnlogged: false, estimate: 0, pages: 700, live: 0, inserted: 0, updated: 0, deleted: 0 },
    ...{ maySelect: true, tables: 20, at, countedSince, isExact: false, isAppendOnly: false },
    ...{ exact: null, obstacle: null, ...more },
  });
  const upTo = (n: number) => ({
    live: Math.round(n),
    estimate: Math.round(n),
    inserted: Math.round(n),
  });
  const fulls = Math.floor((minute - sunday * day - fullVacuum.at - fullVacuum.for) / (7 * day));
  const tables = [
    of("orders", 16_400, { ...upTo(counted(minute) * 120), updated: Math.round(counted(minute)) }),
    of("facts", 16_401, upTo(nights * loaded)),
    of("load", 16_402, staging(database, minute, nights)),
    of("queue", 16_403, {
      ...upTo(counted(minute) * 900),
      live: 40 + (minute % 400),
      estimate: 90,
      deleted: Math.round(counted(minute) * 900) - 40 - (minute % 400),
    }),
    // VACUUM FULL writes it anew.
    of("audit", 16_404, { ...upTo(3_000_000 + counted(minute) * 5), file: 50_000 + fulls }),
    ...partitionsAt(database, minute).map((date, i) =>
      of(`events_${date}`, 20_000 + i + Math.floor(minute / day), {
        ...upTo(400_000),
        rootName: "events",
      }),
    ),
  ];
  return { tables, absent: [] };
}

/** In one transaction nobody sees it empty; of the others, whoever looks meanwhile does. */
function staging(database: Database, minute: number, nights: number): Partial<TableRows> {
  const running = runningFor(database.etl, minute);
  const isSeen = running !== undefined && !database.etl.isOneTransaction;
  const share = isSeen ? running / database.etl.for : 1;
  const live = Math.round(loaded * share);
  const inserted = nights * loaded + (isSeen ? live : 0);
  return { live, estimate: live, inserted, file: 30_000 + nights + (isSeen ? 1 : 0) };
}

/** Fourteen days and tomorrow: cron makes one at 00:10, and drops the oldest at 00:20. */
function partitionsAt(database: Database, minute: number): readonly string[] {
  if (!database.isPartitioned) return [];
  const newest = Math.floor((minute - partitionMade) / day) + 1;
  const oldest = Math.floor((minute - partitionDropped) / day) - 14;
  return Array.from({ length: newest - oldest + 1 }, (_, i) =>
    isoAt((oldest + i) * day)
      .slice(0, 10)
      .replaceAll("-", "_"),
  );
}
const partitionMade = 10;
const partitionDropped = 20;

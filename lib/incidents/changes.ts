import * as z from "zod";
import type { Change } from "../core/alert.ts";
import { movementBetween, trackerHeadSchema } from "../core/migrations.ts";
import type { Outcome } from "../core/outcome.ts";
import type { IncidentDocument } from "./document.ts";
import { between, day } from "./moment.ts";
import type { Sighting } from "./sightings.ts";

const mostChanges = 50;

/** Checks whose findings are changes, once, when they are first seen. */
const kinds: readonly (readonly [prefix: string, kind: Change["kind"]])[] = [
  ["schema/drift-", "drift"],
  ["migrations/", "migration"],
  ["configuration/settings-", "setting"],
];

const kindOf = (check: string): Change["kind"] | undefined =>
  kinds.find(([prefix]) => check.startsWith(prefix))?.[1];

/** What a report says that changed: for "what changed just before". */
export function changesIn(
  at: string,
  outcomes: readonly Outcome[],
  fresh: readonly Sighting[],
): readonly Change[] {
  const migrations = outcomes.flatMap((outcome) => migrated(outcome)).map(told(at, "migration"));
  const found = fresh.flatMap(({ check, finding }) => {
    const kind = kindOf(check);
    return kind === undefined ? [] : [told(at, kind)(finding.summary)];
  });
  return [...migrations, ...found];
}

const told =
  (at: string, kind: Change["kind"]) =>
  (text: string): Change => ({ at, kind, text });

const headsSchema = z.object({ migrations: z.array(trackerHeadSchema) });

/** The checks of drift remember where the migration tools stood. */
function migrated({ memory, past }: Outcome): readonly string[] {
  const now = headsSchema.safeParse(memory).data;
  const then = headsSchema.safeParse(past?.memory).data;
  if (now === undefined || then === undefined) return [];
  const { migrations } = movementBetween(then.migrations, now.migrations);
  return migrations.map((name) => `Migration ${name} was applied`);
}

/** Newest first, of the last 24 hours, each once. */
export function withChanges(
  known: IncidentDocument["changes"],
  more: readonly Change[],
  at: string,
): Change[] {
  const isOld = (change: Change) => between(change.at, at) > day;
  const texts = new Set(known.map(({ text }) => text));
  const fresh = more.filter(({ text }, i) => {
    const isFirst = more.findIndex((other) => other.text === text) === i;
    return isFirst && !texts.has(text);
  });
  return [...fresh, ...known]
    .filter((change) => !isOld(change))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, mostChanges);
}

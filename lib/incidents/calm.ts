import * as z from "zod";
import { encode, readDocument } from "../core/document.ts";
import { isBlind } from "../core/outcome.ts";
import type { Store } from "../core/ports.ts";
import { type ProfileName, profileSchema } from "../core/profile.ts";
import type { Report } from "../core/report.ts";
import { countingServerSchema, isSameCounting } from "../core/server.ts";
import { sayTarget } from "../core/target.ts";
import { changesIn } from "./changes.ts";
import type { IncidentDocument } from "./document.ts";

type Times = IncidentDocument["profiles"];

const entrySchema = z.looseObject({
  /** Of the document as it was found quiet: whoever changes it ends that. */
  tag: z.string(),
  since: z.string(),
  profiles: z.partialRecord(profileSchema, z.string()),
  server: countingServerSchema,
  /** Checks that have looked at it before: places in `checks`. */
  looked: z.array(z.int()),
  /** Profiles whose calm looks need not be written down. */
  passes: z.array(profileSchema),
});
type Entry = z.infer<typeof entrySchema>;

const calmSchema = z.looseObject({
  schemaVersion: z.literal(1),
  /** When the fleet was swept. */
  at: z.string(),
  checks: z.array(z.string()),
  quiet: z.record(z.string(), entrySchema),
  /** The newest run of each profile that is in the store, by target. */
  seen: z.record(z.string(), z.partialRecord(profileSchema, z.string())),
});

/**
 * `incidents/calm.v1.json.gz`: of whom there is nothing to tell and nothing to wait for. A look that
 * finds such a target as it was is passed over, for a written document a target and pulse would be
 * nine tenths of the bill. Made by every sweep, of what it reads anyway; without it, or with an
 * older one, all is read and written as ever.
 */
export type Calm = z.infer<typeof calmSchema>;

const key = "incidents/calm.v1.json.gz";

const nobody: Calm = { schemaVersion: 1, at: "", checks: [], quiet: {}, seen: {} };

/** What cannot be read is nobody: it is a matter of money alone. */
export const loadCalm = async (store: Store): Promise<Calm> =>
  (await readDocument(store, key, calmSchema).catch(() => undefined))?.document ?? nobody;

export const keepCalm = async (store: Store, calm: Calm): Promise<void> =>
  void (await store.put(key, await encode(key, calm)));

/**
 * Longest time that a document goes without being written, in milliseconds: whatever is wrong with
 * passing over is over by then.
 */
export const longestPass = 24 * 3_600_000;

/** Profiles whose newest run is in the store, and whose last written look is not too old. */
export const passesOf = (profiles: Times, runs: Times, at: string): readonly ProfileName[] =>
  profileSchema.options.filter((profile) => {
    const written = profiles[profile];
    if (written === undefined || runs[profile] === undefined) return false;
    return Date.parse(at) - Date.parse(written) < longestPass;
  });

/** When each profile looked last: as the document has it, or as runs in the store show. */
export function looksOf(profiles: Times, seen: Times = {}): Times {
  const merged = { ...profiles };
  for (const profile of profileSchema.options) {
    const [written, run] = [profiles[profile], seen[profile]];
    if (written === undefined || run === undefined || run <= written) continue;
    // A run that is there and never written down was never judged.
    if (Date.parse(run) - Date.parse(written) <= 1.5 * longestPass) merged[profile] = run;
  }
  return merged;
}

/** Is there nothing that time, or a look that finds nothing, would change? */
export function isQuiet(document: IncidentDocument): boolean {
  const { incidents, asleep, unknown, changes, queue, outbox, looks, retired, server } = document;
  return (
    retired === undefined &&
    server !== undefined &&
    [changes, queue, outbox, Object.keys(asleep), Object.keys(unknown)].every(
      ({ length }) => length === 0,
    ) &&
    Object.values(looks).every((look) => look.isPartial === undefined) &&
    Object.values(incidents).every(
      ({ state, flapping, ack }) =>
        state === "resolved" && flapping === undefined && ack === undefined,
    )
  );
}

/** Was nothing found, and everything seen? */
export const isWell = ({ server, outcomes, scenes }: Report): boolean =>
  server !== undefined &&
  scenes === undefined &&
  outcomes.every(
    (outcome) => !isBlind(outcome) && outcome.findings.length === 0 && outcome.status !== "failed",
  );

/** May this report go by? It is well, by checks and of a server that are well known. */
export function isCalm(calm: Calm, profile: ProfileName, report: Report): boolean {
  const entry = calm.quiet[sayTarget(report.target)];
  const { server, outcomes, startedAt } = report;
  if (entry === undefined || server === undefined || !isWell(report)) return false;
  const looked = new Set(entry.looked.map((place) => calm.checks[place]));
  return (
    entry.passes.includes(profile) &&
    isSameCounting(entry.server, server) &&
    entry.server.timeline === server.timeline &&
    entry.server.systemIdentifier === server.systemIdentifier &&
    outcomes.every(({ check }) => looked.has(check)) &&
    changesIn(startedAt, outcomes, []).length === 0
  );
}

/** Collects who is quiet while a sweep goes over the fleet. */
export class Quiet {
  readonly #places = new Map<string, number>();
  readonly #entries: Record<string, Entry> = {};

  /** @param passes profiles whose newest run is in the store */
  add(name: string, document: IncidentDocument, tag: string, passes: readonly ProfileName[]): void {
    const { since, profiles, server, looks } = document;
    if (server === undefined) return;
    const looked = Object.keys(looks).map((check) => this.#placeOf(check));
    const counting = countingServerSchema.parse(server);
    this.#entries[name] = { tag, since, profiles, server: counting, looked, passes: [...passes] };
  }

  /** As it was at the last sweep. */
  keep(name: string, entry: Entry, checks: readonly string[], passes: readonly ProfileName[]) {
    const looked = entry.looked.flatMap((place) => {
      const check = checks[place];
      return check === undefined ? [] : [this.#placeOf(check)];
    });
    this.#entries[name] = { ...entry, looked, passes: [...passes] };
  }

  asOf(at: string, seen: Calm["seen"]): Calm {
    return {
      ...{ schemaVersion: 1, at, quiet: this.#entries, seen },
      checks: [...this.#places.keys()],
    };
  }

  #placeOf(check: string): number {
    const place = this.#places.get(check) ?? this.#places.size;
    this.#places.set(check, place);
    return place;
  }
}

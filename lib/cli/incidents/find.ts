import { UsageError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import type { IncidentDocument } from "../../incidents/document.ts";
import { loadIncidents } from "../../incidents/stored.ts";

/** What a fingerprint means: an incident, or what a check cannot say, on one target or several. */
export interface Meant {
  readonly fingerprint: string;
  readonly targets: readonly Target[];
}

const shortestPrefix = 6;

/** @throws UsageError where no incident is meant, or several */
export function meantBy(
  word: string,
  documents: readonly IncidentDocument[],
  only: "open" | "any" = "any",
): Meant {
  const prefix = word.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < shortestPrefix) {
    throw new UsageError(
      `${word} is no fingerprint`,
      `Six or more of its hex digits, as every alert shows them: pgvigil incidents lists them.`,
    );
  }
  const all = documents.flatMap(({ target, incidents, unknown }) => [
    ...Object.values(incidents)
      .filter(({ state }) => only === "any" || state !== "resolved")
      .map(({ fingerprint }) => ({ target, fingerprint })),
    ...Object.values(unknown).map(({ fingerprint }) => ({ target, fingerprint })),
  ]);
  const found = Map.groupBy(
    all.filter(({ fingerprint }) => fingerprint.startsWith(prefix)),
    ({ fingerprint }) => fingerprint,
  );
  const [first, second] = found;
  if (first === undefined) {
    throw new UsageError(
      `there is no ${only === "open" ? "open " : ""}incident ${word}`,
      "pgvigil incidents lists what is open; --all what has ended too.",
    );
  }
  if (second !== undefined) {
    const several = [...found].map(
      ([fingerprint, [one]]) =>
        `${fingerprint} (${one === undefined ? "" : sayTarget(one.target)})`,
    );
    throw new UsageError(
      `${word} fits several incidents: ${several.join(", ")}`,
      "Say more of it.",
    );
  }
  const [fingerprint, group] = first;
  return { fingerprint, targets: group.map(({ target }) => target) };
}

export async function documentsOf(
  store: Store,
  targets: readonly Target[],
): Promise<readonly IncidentDocument[]> {
  const all = await Promise.all(targets.map((target) => loadIncidents(store, target)));
  return all.filter((document) => document !== undefined);
}

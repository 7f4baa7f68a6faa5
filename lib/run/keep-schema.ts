import { messageOf } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import { lastLookIn } from "../schema/last-look.ts";
import { schemaSnapshot } from "../schema/read.ts";
import { keepStanding } from "../schema/standing.ts";
import { keepSnapshot } from "../schema/stored.ts";
import type { Examination } from "./examination.ts";
import type { Reader } from "./reader.ts";

export interface Kept {
  readonly outcomes: readonly Outcome[];
  /** Of the snapshot that this run took, if one of its checks asked for it. */
  readonly schema?: Report["schema"];
}

type Keeping = Pick<Examination, "store" | "checks" | "target" | "past" | "profile">;

/**
 * Keeps the objects of the snapshot under its checksum. Where that fails, a check that lives by the
 * past must not remember a snapshot that is not there: it says so, and keeps its older memory.
 */
export async function keepSchema(
  reader: Reader,
  { store, checks, target, past, profile }: Keeping,
  outcomes: readonly Outcome[],
): Promise<Kept> {
  const answer = await reader.answered(schemaSnapshot);
  if (answer?.state !== "taken") return { outcomes };
  const { tree, canonical, complete } = answer.snapshot;
  const schema = { checksum: tree.checksum, canonical, complete };
  if (store === undefined) return { outcomes, schema };
  try {
    // A night makes sure; within a day what the last look kept is there.
    const isKept = profile !== "nightly" && lastLookIn(past)?.checksum === tree.checksum;
    if (!isKept) await keepSnapshot(store, answer.snapshot);
    await keepStanding(store, target, answer.snapshot);
    return { outcomes, schema };
  } catch (error) {
    const reason = `the snapshot could not be kept in ${store.place}: ${messageOf(error)}`;
    const remembering = new Set(
      checks.flatMap(({ check: { id, needs } }) =>
        needs?.store && id.startsWith("schema/") ? [id] : [],
      ),
    );
    return {
      schema,
      outcomes: outcomes.map((outcome) =>
        remembering.has(outcome.check) ? forgetful(outcome, reason) : outcome,
      ),
    };
  }
}

function forgetful({ memory: _, ...outcome }: Outcome, reason: string): Outcome {
  const status = outcome.status === "passed" ? "skipped" : outcome.status;
  return { ...outcome, status, cause: "error", reason };
}

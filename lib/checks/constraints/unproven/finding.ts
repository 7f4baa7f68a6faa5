import type { FindingDraft } from "../../../core/finding.ts";
import type { UnprovenConstraint } from "../../reads/unproven-constraints.ts";

/** What a check says of a constraint that no row, or not every row, was held against. */
export const unprovenFinding = (
  { schema, table, name, identity, type }: UnprovenConstraint,
  said: Pick<FindingDraft, "severity" | "summary" | "detail" | "remedy">,
): FindingDraft => ({
  object: { kind: "constraint", schema, name, identity, ...(table === null ? {} : { table }) },
  evidence: { type },
  ...said,
});

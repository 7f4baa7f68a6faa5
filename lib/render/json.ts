import type { Outcome } from "../core/outcome.ts";
import type { RunDocument } from "../core/report.ts";
import type { RenderContext } from "./context.ts";
import { jsonText } from "./json-text.ts";

const schema = "./node_modules/pgvigil/schema/run.schema.json";

/** The run document. What only a replay needs is left out unless it is asked for. */
export function json(run: RunDocument, { evidence }: Pick<RenderContext, "evidence">): string {
  const { $schema = schema, ...rest } = run;
  const reports = evidence
    ? run.reports
    : run.reports.map(({ evidence: _, ...report }) => ({
        ...report,
        outcomes: report.outcomes.map(withoutEvidence),
      }));
  return jsonText({ $schema, ...rest, reports });
}

const withoutEvidence = ({
  evidence: _,
  memory: _memory,
  past: _past,
  baseline: _baseline,
  ...outcome
}: Outcome) => outcome;

import { categoryOf } from "../core/check.ts";
import { exitCodeOf } from "../core/exit-code.ts";
import type { Finding } from "../core/finding.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import { printable } from "../core/printable.ts";
import type { Report, RunDocument } from "../core/report.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget, type Target } from "../core/target.ts";
import type { RenderContext } from "./context.ts";
import { jsonText } from "./json-text.ts";
import { findingText } from "./plain.ts";

const levelOf: Readonly<Record<Severity, string>> = {
  critical: "error",
  warning: "warning",
  notice: "note",
};

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(document: RunDocument, context: RenderContext): string {
  const { run, reports } = document;
  const outcomes = reports.flatMap((report) => report.outcomes);
  const ids = [...new Set(outcomes.map(({ check }) => check))].sort();
  return jsonText({
    $schema:
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pgvigil",
            version: run.pgvigil,
            rules: ids.map((id) => rule(id, context)),
          },
        },
        automationDetails: { id: `pgvigil/${run.profile}/${run.id}` },
        invocations: [
          {
            // What was not looked at is not known to be well.
            executionSuccessful: outcomes.length > 0 && !outcomes.some(isBlind),
            exitCode: exitCodeOf(document, context.failOn),
            startTimeUtc: run.startedAt,
            endTimeUtc: run.finishedAt,
            toolExecutionNotifications: reports.flatMap((report) => notifications(report, ids)),
          },
        ],
        results: reports.flatMap(({ target, outcomes }) =>
          outcomes.flatMap(({ check, findings }) =>
            findings.map((finding) => result(finding, check, ids, target, context)),
          ),
        ),
      },
    ],
  });
}

function rule(id: string, { catalogue, docsUrl }: RenderContext) {
  const words = catalogue.get(id);
  const page = docsUrl?.(id) ?? /https?:\/\/[^\s()]+/.exec(words?.source ?? "")?.[0];
  return {
    id,
    ...(words === undefined
      ? {}
      : {
          shortDescription: { text: words.failureTitle },
          fullDescription: { text: words.why },
          help: { text: `${words.title}. ${words.why}\nSource: ${words.source}` },
        }),
    ...(page === undefined ? {} : { helpUri: page }),
    properties: { tags: ["postgresql", categoryOf(id)] },
  };
}

/** A database object has no line in a file: it is named, and shown at the configuration. */
function result(
  finding: Finding,
  check: string,
  ids: readonly string[],
  target: Target,
  { configFile }: RenderContext,
) {
  const { object, severity, fingerprint } = finding;
  const place = {
    name: printable(object.name ?? object.identity),
    fullyQualifiedName: printable(`${sayTarget(target)}/${object.identity}`),
    kind: object.kind,
  };
  const file =
    configFile === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(configFile) },
            region: { startLine: 1 },
          },
        };
  return {
    ruleId: check,
    ruleIndex: ids.indexOf(check),
    level: levelOf[severity],
    message: { text: `${printable(sayTarget(target))}: ${findingText(finding)}` },
    locations: [{ ...file, logicalLocations: [place] }],
    partialFingerprints: { "pgvigil/v1": fingerprint },
    properties: { severity, target: printable(sayTarget(target)) },
  };
}

const notifications = ({ target, outcomes }: Report, ids: readonly string[]) =>
  outcomes.filter(isBlind).map((outcome) => notification(outcome, ids, target));

function notification(outcome: Outcome, ids: readonly string[], target: Target) {
  const { check, status, cause, reason = "", cure, scope } = outcome;
  const words = [
    `${sayTarget(target)}: ${check} could not look (${cause}): ${reason}`,
    scope,
    cure,
  ];
  return {
    level: status === "failed" ? "error" : "warning",
    message: {
      text: words
        .filter((word) => word !== undefined)
        .map(printable)
        .join("\n"),
    },
    associatedRule: { id: check, index: ids.indexOf(check) },
  };
}

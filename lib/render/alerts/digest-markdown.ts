import type { Digest } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";
import { count } from "../../core/units.ts";
import { codeSpan, escaped } from "../markdown-escape.ts";
import { digestCounts, headline, stateLine } from "./digest-words.ts";
import { atMost } from "./fold.ts";
import { sayTime, shortId } from "./words.ts";

/** The digest for a wiki or an issue: the fleet as a table, then what is open. */
export function digestMarkdown(digest: Digest): string {
  const { targets, at, open, ended, unknown } = digest;
  const counts = digestCounts(digest);
  const blocks = [
    `## ${headline(counts)}`,
    escaped(stateLine(digest, counts)),
    [
      "| target | last look | critical | warning | notice | blind | known |",
      "|---|---|--:|--:|--:|--:|--:|",
      ...targets.map(({ target, lookedAt, isUnseen, ...numbers }) => {
        const last = lookedAt === undefined ? "never" : sayTime(lookedAt, at);
        const { critical, warning, notice, blindChecks, known } = numbers;
        const cells = [critical, warning, notice, blindChecks, known].join(" | ");
        return `| ${escaped(sayTarget(target))} | ${isUnseen ? `**${last}**` : last} | ${cells} |`;
      }),
    ].join("\n"),
    ...section("Open", open, at),
    ...section("Ended", ended, at),
    ...(unknown.length === 0
      ? []
      : [
          "### Could not be checked",
          unknown
            .map(
              ({ check, reason, cure, targets }) =>
                `- ${count(targets.length, "target")}: ${codeSpan(check)} ${escaped(reason)}${cure === undefined ? "" : `: ${codeSpan(cure)}`}`,
            )
            .join("\n"),
        ]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function section(title: string, all: Digest["open"], at: string): readonly string[] {
  if (all.length === 0) return [];
  const { shown, more } = atMost(all, 50);
  const lines = shown.map(
    ({ target, alert }) =>
      `- **${alert.severity}** ${escaped(sayTarget(target))}: ${escaped(alert.finding.summary)} (${codeSpan(alert.check)} ${codeSpan(shortId(alert.finding.fingerprint))}, since ${sayTime(alert.openedAt, at)})`,
  );
  return [`### ${title}`, [...lines, ...more].join("\n")];
}

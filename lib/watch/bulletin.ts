import type { Alert, Bulletin } from "../core/alert.ts";
import { fingerprint } from "../core/fingerprint.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { count, sayTime } from "../core/units.ts";
import { type Closing, missedIn, sayVerdict, type Watch } from "../core/watch.ts";
import { isOpen } from "./lines.ts";

/**
 * The end of a watch as a message; nothing for one that the next deployment cut short, or that
 * never began: nobody waits for those. Made of the document alone, so that it is the same however
 * often it is made.
 */
export function verdictBulletin(watch: Watch): Bulletin | undefined {
  const { closing, deploy = "a deployment", target, id } = watch;
  if (closing === undefined || closing.because === "superseded" || !watch.openedAt)
    return undefined;
  const { at } = closing;
  return {
    id: `${id}:verdict`,
    at,
    target,
    alerts: [alertOf(watch, closing)],
    changes: [],
    alsoHere: openOf(closing),
    notChecked: closing.unseen
      .filter(({ blind, asked, seenAt }) => seenAt === undefined || blind === asked)
      .map(({ check, reason, cure }) => ({
        check,
        reason,
        ...(cure === undefined ? {} : { cure }),
      })),
    watch: { id, deploy, since: watch.openedAt },
    links: {},
  };
}

const openOf = ({ found }: Closing) => {
  const open = found.filter(({ endedAt }) => endedAt === undefined);
  const of = (severity: Severity) => open.filter((one) => one.severity === severity).length;
  return { critical: of("critical"), warning: of("warning"), notice: of("notice") };
};

function severityOf({ verdict, found }: Closing): Severity {
  if (verdict === "unknown") return "warning";
  if (verdict !== "not-healthy") return "notice";
  return found.some((one) => isOpen(one) && one.severity === "critical") ? "critical" : "warning";
}

function alertOf(watch: Watch, closing: Closing): Alert {
  const { target, deploy = "a deployment", id, openedAt = closing.at, looks } = watch;
  const object = { kind: "deployment", identity: deploy };
  const severity = severityOf(closing);
  const summary = `The watch over ${deploy} on ${sayTarget(target)} ended: ${sayVerdict[closing.verdict]}`;
  return {
    id: `${id}:verdict`,
    status: "verdict",
    at: closing.at,
    check: "watch/verdict",
    title: `The watch ended: ${sayVerdict[closing.verdict]}`,
    why: "What a deployment breaks often shows within two days: this is how they went.",
    severity,
    finding: {
      fingerprint: fingerprint("watch/verdict", target, object),
      object,
      severity,
      summary,
      detail: [
        ...closing.lines.map(({ mark, area, text }) => `[${mark}] ${area}: ${text}`),
        ...closing.events.map(({ at, text }) => `${sayTime(at)}: ${text}`),
      ],
      evidence: {
        deploy,
        verdict: closing.verdict,
        looks: looks.length,
        missed: missedIn(closing.gaps),
        found: count(closing.found.length, "finding"),
      },
      remedy: {
        summary: `The sign-off: pgvigil watch status --target ${sayTarget(target)} --format markdown`,
      },
    },
    openedAt,
    samples: [],
    consequences: [],
  };
}

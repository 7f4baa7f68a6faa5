import type { Alert, Bulletin } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";
import { mailText } from "./alphabets.ts";
import { lookCommand } from "./commands.ts";
import { brief } from "./fold.ts";
import { idLines, mailColumns, sayCounts } from "./mail-layout.ts";
import type { AlertSettings } from "./settings.ts";
import { sayLasted, sayTime, shortId } from "./words.ts";

/** RESOLVED in eight lines: what it was, how long, how bad, what ended it. */
export function endingMail(
  { target, at, alsoHere, links, ...bulletin }: Bulletin,
  alert: Alert,
  others: readonly Alert[],
  settings: AlertSettings,
): readonly string[] {
  const { openedAt, resolvedAt = alert.at, peak, finding, note } = alert;
  const worst = peak ?? { severity: alert.severity, at: openedAt, summary: finding.summary };
  const open = sayCounts(alsoHere);
  const said = (head: string, text: string) =>
    `${head}${brief(mailText(text), mailColumns - head.length)}`;
  return [
    said("RESOLVED  ", `${sayTarget(target)}  ${alert.check}`),
    ...(others.length === 0 ? [said("", finding.summary)] : alsoEnded(others)),
    said(
      "Lasted   ",
      `${sayLasted(alert)}, ${sayTime(openedAt, at)} to ${sayTime(resolvedAt, at)}`,
    ),
    said("Peak     ", `${worst.severity} at ${sayTime(worst.at, at)}: ${worst.summary}`),
    said("Ended    ", note ?? "not known by what: the next look found nothing"),
    said("Still    ", open === "" ? "nothing else is open here" : `${open} open here`),
    links.report === undefined
      ? `Look     ${lookCommand(alert, target, settings)}`
      : `Report   ${links.report}`,
    ...idLines({ target, at, alsoHere, links, ...bulletin }, alert).slice(0, 1),
  ];
}

/** Others that ended in the same look, one line for all; the peak says what the first one was. */
function alsoEnded(others: readonly Alert[]): readonly string[] {
  const names = others.map(({ check, finding }) => `${check} [${shortId(finding.fingerprint)}]`);
  const head = `With     ${others.length.toLocaleString("en-US")} more: `;
  return [`${head}${brief(names.join(", "), mailColumns - head.length)}`];
}

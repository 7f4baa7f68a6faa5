import type { Alert, Bulletin } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";
import { ascii } from "./alphabets.ts";
import { brief, ends } from "./fold.ts";
import { inOrder, sayLasted, tagOf } from "./words.ts";

/** SNS takes fewer than 100 characters, without line breaks. */
const fits = 99;

/**
 * `[CRITICAL] production/orders: 14 sessions blocked 6 min on public.invoices (locks/blocking-chain)`
 * Severity first, number and object, the check last; ASCII.
 */
export function subjectOf(bulletin: Bulletin): string {
  const [alert, ...others] = inOrder(bulletin);
  const more = others.length === 0 ? "" : ` +${others.length}`;
  const head = `[${tagOf(alert)}] ${ends(ascii.prose(sayTarget(bulletin.target)), 40)}${during(alert)}: `;
  return composed(head, sentenceOf(alert), ` (${alert.check}${more})`);
}

/** The head and the tail stay whole; the sentence between them gives way. */
export function composed(head: string, sentence: string, tail: string): string {
  const [first, last] = [ascii.prose(head), ascii.prose(tail)];
  const room = fits - first.length - last.length;
  if (room < 24) return brief(`${first}${ascii.prose(sentence)}`, fits);
  const whole = ascii.prose(sentence);
  return `${first}${brief(whole.length <= room ? whole : rounded(whole), room)}${last}`;
}

/** `5 min 58 s` as `6 min`: in a subject the smaller unit says nothing. */
const rounded = (sentence: string): string =>
  sentence.replace(
    /\b(\d+) (d|h|min) (\d+) (h|min|s)\b/g,
    (_, large: string, unit: string, small: string, smaller: string) =>
      `${Number(large) + (Number(small) >= (smaller === "h" ? 12 : 30) ? 1 : 0)} ${unit}`,
  );

function during(alert: Alert): string {
  if (alert.status === "resolved") return ` after ${sayLasted(alert)}`;
  return alert.status === "reminded" ? ` for ${sayLasted(alert)}` : "";
}

/** What is over was at its worst what it is remembered by. */
const sentenceOf = ({ status, peak, finding }: Alert): string =>
  status === "resolved" ? (peak ?? finding).summary : finding.summary;

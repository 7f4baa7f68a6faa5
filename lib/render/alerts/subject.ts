import type { Alert, Bulletin } from "../../core/alert.ts";
import { categoryOf } from "../../core/check.ts";
import { sayTarget } from "../../core/target.ts";
import { ascii } from "./alphabets.ts";
import { brief, ends } from "./fold.ts";
import { inOrder, sayLasted, sentenceOf, tagOf } from "./words.ts";

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
  return composed(
    head,
    sentenceOf(alert, bulletin.target),
    (check) => ` (${check}${more})`,
    alert.check,
  );
}

function during(alert: Alert): string {
  if (alert.status === "resolved") return ` after ${rounded(sayLasted(alert))}`;
  return alert.status === "reminded" ? ` for ${rounded(sayLasted(alert))}` : "";
}

/**
 * What can go without a loss goes first: seconds, remarks in brackets, since when, the check's
 * category; then the check itself, which the mail begins with, before a word of what is wrong.
 */
function composed(
  head: string,
  sentence: string,
  tail: (check: string) => string,
  check: string,
): string {
  const said = ascii.prose(sentence);
  const bare = rounded(said.replaceAll(remark, ""));
  const timeless = bare.replace(sinceWhen, "");
  const last = ascii.prose(check.slice(categoryOf(check).length + 1));
  const whole = [said, rounded(said), bare, timeless]
    .map((text) => `${head}${text}${tail(ascii.prose(check))}`)
    .find((subject) => subject.length <= fits);
  if (whole !== undefined) return whole;
  for (const end of [tail(ascii.prose(check)), tail(last)]) {
    const clause = brief(timeless, Math.max(0, fits - head.length - end.length));
    if (clause.length >= 24 && !clause.endsWith("...")) return `${head}${clause}${end}`;
  }
  return brief(`${head}${timeless}`, fits);
}

/** What drift is held against is in the mail. */
const sinceWhen = / since the (last look|baseline was sealed|watch began)( on \d\S*( \S+ UTC)?)?/;

/** `(pid 48211)`; a list of columns stands without a blank before it. */
const remark = / \([^()]*\)/g;

/** `5 min 58 s` as `6 min`: in a subject the smaller unit says nothing. */
const rounded = (sentence: string): string =>
  sentence.replace(
    /\b(\d+) (d|h|min) (\d+) (h|min|s)\b/g,
    (_, large: string, unit: string, small: string, smaller: string) =>
      `${Number(large) + (Number(small) >= (smaller === "h" ? 12 : 30) ? 1 : 0)} ${unit}`,
  );

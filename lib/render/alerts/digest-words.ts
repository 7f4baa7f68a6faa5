import type { Digest } from "../../core/alert.ts";
import { count } from "../../core/units.ts";
import { sayLocal, sayTime } from "./words.ts";

export interface DigestCounts {
  readonly targets: number;
  readonly lookedAt: number;
  readonly blind: number;
  readonly critical: number;
  readonly warning: number;
  readonly notice: number;
  readonly known: number;
}

export function digestCounts({ targets }: Digest): DigestCounts {
  const sum = (of: (target: Digest["targets"][number]) => number) =>
    targets.reduce((total, target) => total + of(target), 0);
  return {
    targets: targets.length,
    lookedAt: targets.filter(({ isUnseen }) => !isUnseen).length,
    blind: targets.filter(({ blindChecks, isUnseen }) => blindChecks > 0 && !isUnseen).length,
    critical: sum(({ critical }) => critical),
    warning: sum(({ warning }) => warning),
    notice: sum(({ notice }) => notice),
    known: sum(({ known }) => known),
  };
}

/** `40 of 40 looked at; 3 with blind spots`: a digest that saw nothing is not a quiet one. */
export function headline({ targets, lookedAt, blind }: DigestCounts): string {
  const looked = `${lookedAt} of ${targets} looked at`;
  if (lookedAt === 0) return looked;
  return `${looked}; ${blind === 0 ? "no blind spots" : `${blind} with blind spots`}`;
}

/** `1 critical, 4 warnings open. Since 19 Nov 08:00 UTC 3 began, 2 ended.` */
export function stateLine(
  digest: Digest,
  { critical, warning, lookedAt, targets }: DigestCounts,
  timezone?: string,
): string {
  const open = openWords({ critical, warning });
  const local = digest.since === undefined ? "" : sayLocal(digest.since, timezone);
  const since =
    digest.since === undefined
      ? ""
      : `Since ${sayTime(digest.since, digest.at)}${local === "" ? "" : ` (${local})`} `;
  const moved = `${since}${digest.began.length} began, ${digest.ended.length} ended.`;
  const nothing = lookedAt < targets ? "Nothing known to be" : "Nothing";
  return `${open === "" ? nothing : open} open. ${moved}`;
}

export const openWords = ({ critical, warning }: Pick<DigestCounts, "critical" | "warning">) =>
  [
    ...(critical > 0 ? [`${critical.toLocaleString("en-US")} critical`] : []),
    ...(warning > 0 ? [count(warning, "warning")] : []),
  ].join(", ");

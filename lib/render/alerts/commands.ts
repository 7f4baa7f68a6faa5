import type { Alert } from "../../core/alert.ts";
import { categoryOf } from "../../core/check.ts";
import type { Target } from "../../core/target.ts";
import { type AlertSettings, flagsOf } from "./settings.ts";
import { shortId } from "./words.ts";

const program = "npx pgvigil";

const line = (...words: readonly string[]): string =>
  [program, ...words].filter((word) => word !== "").join(" ");

/** How one knows that it is over, by what the look says. */
export function proofOf({ check, status }: Alert): string {
  if (status === "unseen") return "the next run comes in time";
  if (status === "unreadable") return "step 1 lists them";
  if (status === "unknown") return "step 1 can look everywhere";
  return check === "server/unreachable" ? "step 1 connects" : "step 1 finds nothing more";
}

/** Looks again, at this alone: harmless, and the proof that it is over. */
export function lookCommand({ check, status }: Alert, target: Target, settings: AlertSettings) {
  const flags = flagsOf(target, settings);
  if (status === "unseen") return line("check --profile pulse", flags);
  if (status === "verdict") return line("watch status", flags);
  if (status === "unreadable") return line("incidents", incidentFlags(target, settings));
  if (check === "server/unreachable") return line("doctor", flags);
  if (categoryOf(check) === "locks") return line("locks", flags);
  return isOfChecks(check) ? line("check", flags, `--only ${check}`) : line("check", flags);
}

/** What is told of incidents asks no database, so that no URL leads there. */
const incidentFlags = (target: Target, { flags, places }: AlertSettings): string =>
  target.environment === "adhoc" || flags === undefined ? (places ?? "") : flags(target);

/** Silences it for a while; the reason stays to be written. */
export const quietCommand = ({ finding }: Alert, { places = "" }: AlertSettings): string =>
  line("ack", shortId(finding.fingerprint), '--for 2h --why "..."', places);

export const incidentsCommand = ({ places = "" }: AlertSettings): string =>
  line("incidents", places);

/** What is told as if by a check, and has no page: nobody looked, a document is broken. */
const withoutPage = ["server/unseen", "incidents/unreadable", "watch/verdict", "alerts/test"];

/** A check that the command line knows; its name stands in a shell as it is. */
const isOfChecks = (check: string): boolean =>
  /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/.test(check) && !withoutPage.includes(check);

/** The page of a check, or the command that prints it. */
export const runbookOf = ({ check }: Alert, { docsUrl }: AlertSettings): string | undefined =>
  isOfChecks(check) ? (docsUrl?.(check) ?? line("explain", check)) : undefined;

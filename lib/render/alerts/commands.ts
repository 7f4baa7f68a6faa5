import type { Alert } from "../../core/alert.ts";
import { categoryOf } from "../../core/check.ts";
import type { Target } from "../../core/target.ts";
import { type AlertSettings, flagsOf } from "./settings.ts";
import { shortId } from "./words.ts";

const program = "npx pgvigil";

const line = (...words: readonly string[]): string =>
  [program, ...words].filter((word) => word !== "").join(" ");

/** Looks again, at this alone: harmless, and the proof that it is over. */
export function lookCommand({ check, status }: Alert, target: Target, settings: AlertSettings) {
  const flags = flagsOf(target, settings);
  if (status === "unseen") return line("check --profile pulse", flags);
  if (status === "verdict") return line("watch status", flags);
  if (check === "server/unreachable") return line("doctor", flags);
  if (categoryOf(check) === "locks") return line("locks", flags);
  return isId(check) ? line("check", flags, `--only ${check}`) : line("check", flags);
}

/** Silences it for a while; the reason stays to be written. */
export const quietCommand = ({ finding }: Alert, { places = "" }: AlertSettings): string =>
  line("ack", shortId(finding.fingerprint), '--for 2h --why "..."', places);

export const incidentsCommand = ({ places = "" }: AlertSettings): string =>
  line("incidents", places);

/** What stands in a shell as it is: anything else is no check of ours. */
const isId = (check: string): boolean => /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/.test(check);

export const runbookOf = ({ check }: Alert, { docsUrl }: AlertSettings): string =>
  docsUrl?.(check) ?? (isId(check) ? line("explain", check) : line("checks"));

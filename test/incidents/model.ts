import { isBlind, type Outcome } from "../../lib/core/outcome.ts";
import type { RunDocument } from "../../lib/core/report.ts";
import { looksOf } from "./histories.ts";

/**
 * What is open, said as simply as can be: of each check the newest look counts, a look that finds a
 * thing opens it, one that saw everything and did not find it ends it, and nothing else does.
 */
export class Model {
  readonly open = new Map<string, string>();
  readonly #inRow = new Map<string, number>();
  readonly #newest = new Map<string, string>();
  readonly #known = new Set<string>();
  readonly #ofCheck = new Map<string, string>();
  /** Was there at the first look at its check, and is so still. */
  readonly dayOne = new Set<string>();

  /** @param now of the clock that took it in: what was made later than that was made wrongly */
  take({ run, reports }: RunDocument, now: Date): void {
    if (this.#known.has(run.id)) return;
    this.#known.add(run.id);
    const at = run.startedAt;
    for (const outcome of reports[0]?.outcomes ?? []) {
      const newest = this.#newest.get(outcome.check);
      const isWrong = newest !== undefined && Date.parse(newest) > now.getTime() + 5 * 60_000;
      if (newest !== undefined && newest > at && !isWrong) continue;
      this.#look(outcome, newest === undefined);
      if (outcome.status === "passed" || outcome.status === "found")
        this.#newest.set(outcome.check, at);
    }
  }

  #look(outcome: Outcome, isFirst: boolean): void {
    const { check, findings } = outcome;
    const isSure = !isBlind(outcome) && outcome.status !== "skipped";
    const there = new Map(findings.map((each) => [each.fingerprint, each]));
    for (const [fingerprint, { severity }] of there) {
      this.#ofCheck.set(fingerprint, check);
      const times = (this.#inRow.get(fingerprint) ?? 0) + 1;
      this.#inRow.set(fingerprint, times);
      const isLive = check.startsWith("locks/") && severity === "critical";
      if (times === 1 && isFirst && !isLive) this.dayOne.add(fingerprint);
      if (this.open.has(fingerprint) || times >= looksOf(check))
        this.open.set(fingerprint, severity);
    }
    if (!isSure) return;
    for (const [fingerprint, of] of this.#ofCheck) {
      if (of !== check || there.has(fingerprint)) continue;
      this.#inRow.delete(fingerprint);
      this.open.delete(fingerprint);
      this.dayOne.delete(fingerprint);
    }
  }
}

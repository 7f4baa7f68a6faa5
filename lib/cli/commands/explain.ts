import { checks } from "../../checks/index.ts";
import type { Check } from "../../core/check.ts";
import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { nearest } from "../../core/near.ts";
import { checkPage } from "../../render/check-page.ts";
import type { Command } from "../command.ts";
import { print } from "../io.ts";

export const explain: Command = {
  name: "explain",
  summary: "What a check finds, why it matters, and its options",
  positionals: [{ name: "ID", summary: "a check, such as indexes/invalid", completes: "check" }],
  flags: {},
  examples: ["pgvigil explain indexes/invalid"],
  async run({ positionals: [id = ""] }, io) {
    print(io, checkPage(checkOf(id)));
    return exitCodes.healthy;
  },
};

/** @throws UsageError with the nearest id */
export function checkOf(id: string): Check {
  const check = checks.find((candidate) => candidate.id === id);
  if (check !== undefined) return check;
  const ids = checks.map((candidate) => candidate.id);
  const near = nearest(id, ids) ?? ids.find((known) => known.endsWith(`/${id}`));
  throw new UsageError(
    `there is no check ${id}`,
    near === undefined ? "All checks: pgvigil checks" : `Did you mean ${near}?`,
  );
}

import { checks } from "../checks/index.ts";
import type { Check } from "../core/check.ts";
import { UsageError } from "../core/errors.ts";
import { nearest } from "../core/near.ts";

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

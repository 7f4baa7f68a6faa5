import * as z from "zod";

/** From harmless to urgent. The order is the rank. */
export const severities = ["notice", "warning", "critical"] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

export const rank = (severity: Severity): number => severities.indexOf(severity);

export const isAtLeast = (severity: Severity, floor: Severity): boolean =>
  rank(severity) >= rank(floor);

/** The severity that `value` has reached, or nothing below `warning`. Thresholds are inclusive. */
export function severityOf(
  value: number,
  { warning, critical }: { readonly warning?: number; readonly critical?: number },
): Severity | undefined {
  if (critical !== undefined && value >= critical) return "critical";
  if (warning !== undefined && value >= warning) return "warning";
  return undefined;
}

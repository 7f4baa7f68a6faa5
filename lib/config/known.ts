import * as z from "zod";
import type { Check } from "../core/check.ts";
import { matches } from "../core/ignore.ts";
import { didYouMean } from "../core/near.ts";

/** What a configuration may name: handed in, as this room knows neither checks nor schemas. */
export interface Known {
  readonly checks: readonly KnownCheck[];
  /** Of a snapshot: structure, privileges … */
  readonly facets: readonly string[];
}

export type KnownCheck = Pick<Check, "id" | "title" | "why" | "options" | "presets">;

/** What a level of the configuration says of one check: any of its options, and these. */
type CheckSettings = Readonly<Record<string, unknown>> & {
  readonly enabled?: boolean | undefined;
  /** Looks in a row. */
  readonly for?: number | undefined;
};

const ofEveryCheck = {
  enabled: z.boolean().optional().meta({ description: "false: never look" }),
  for: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "How many looks in a row must find it before anybody is told" }),
};

/** Of several checks, by id. */
export type CheckLevel = Readonly<Record<string, CheckSettings | undefined>>;

/** As written: the engine reads them when the levels have been laid over each other. */
export const settingsAsWritten = z.record(z.string(), z.looseObject(ofEveryCheck));

/** A level may say a part: what an option demands of another is held against the whole later. */
export const settingsOfEveryCheck = ({ checks }: Known) =>
  z
    .strictObject(Object.fromEntries(checks.map((check) => [check.id, settingsOf(check)])))
    .meta({ id: "checks", description: "By id: enabled, thresholds, and options of its own" });

const settingsOf = ({ options, title, why }: KnownCheck) =>
  z
    .strictObject({
      ...ofEveryCheck,
      ...Object.fromEntries(
        Object.entries<z.core.$ZodType>(options.shape).map(([name, option]) => [
          name,
          z.optional(option),
        ]),
      ),
    })
    .optional()
    .meta({ title, description: why });

/** A check's id, or a pattern that fits at least one: a rule for no check would be no rule. */
export const checkPattern = ({ checks }: Known) =>
  z
    .string()
    .superRefine((pattern, context) => {
      if (checks.some(({ id }) => matches(pattern, id))) return;
      const near = didYouMean(
        pattern,
        checks.map(({ id }) => id),
      );
      const message = `no check is called ${JSON.stringify(pattern)}${near}`;
      context.addIssue({ code: "custom", message });
    })
    .meta({ description: "A check, or several: indexes/invalid, schema/*" });

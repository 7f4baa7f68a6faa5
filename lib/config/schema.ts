import * as z from "zod";
import { profileNames } from "../core/profile.ts";
import { nameSchema } from "../core/target.ts";
import { duration } from "../core/units.ts";
import { alertsSchema, alertTimes } from "./alerts.ts";
import { auth } from "./auth.ts";
import { aws } from "./aws.ts";
import { checkPattern, type Known, settingsAsWritten, settingsOfEveryCheck } from "./known.ts";
import { runLimits, targetLimits } from "./limits.ts";
import { cron, databaseUrl, day, reason, timezone } from "./values.ts";

/**
 * The whole configuration, with the options of every check: what is validated, and printed as
 * schema/config.schema.json for editors.
 */
export const strictSchema = (known: Known) => configOf(known, settingsOfEveryCheck(known));

/** The same, with the settings of checks as they are written: what is handed on. */
export const configSchema = (known: Known) => configOf(known, settingsAsWritten);

export type Config = z.output<ReturnType<typeof configSchema>>;
export type IgnoreSetting = NonNullable<Config["ignore"]>[number];

function configOf<Checks extends z.ZodType>(known: Known, everyCheck: Checks) {
  const checks = everyCheck.optional();
  const ignore = z.array(ignoreRule(known)).optional();
  const held = {
    ...{ owner: z.string().optional(), auth: auth.optional(), checks, ignore },
    baseline: baseline.optional(),
  };
  const inside = {
    ...held,
    alerts: alertTimes.optional(),
    pausable: z.boolean().optional().meta({ description: "It may sleep: do not wake or miss it" }),
    limits: targetLimits.optional(),
    network: z.string().optional().meta({ description: "Which of aws.networks it is in" }),
  };
  const target = z.strictObject({ url: databaseUrl, replica: databaseUrl.optional(), ...inside });
  const environment = z.strictObject({ ...inside, targets: several(target, "target") });
  return z
    .strictObject({
      $schema: z.string().optional(),
      schemaVersion: z.literal(1),
      timezone: timezone.default("UTC"),
      reference: z.string().optional().meta({ description: "What the others are held against" }),
      store: z.string().min(1).optional().meta({ description: "A folder, or s3://bucket/prefix" }),
      environments: several(environment, "environment"),
      profiles: profiles(known, checks).optional(),
      ...held,
      owners: z.record(z.string().min(1), owner).optional(),
      maintenance: z.array(maintenance(known)).optional(),
      alerts: alertsSchema(known).optional(),
      limits: runLimits.optional(),
      aws: aws.optional(),
    })
    .meta({ title: "pgvigil", description: "Which databases, how often, and whom to tell" });
}

const several = <T extends z.ZodType>(entry: T, what: string) =>
  z
    .record(nameSchema, entry)
    .refine((entries) => Object.keys(entries).length > 0, `expected at least one ${what}`);

function profiles<Checks extends z.ZodType>(known: Known, checks: z.ZodOptional<Checks>) {
  const common = {
    add: z.array(checkPattern(known)).optional().meta({ description: "Checks beyond its own" }),
    checks,
  };
  const rhythm = z
    .strictObject({ every: duration.optional(), cron: cron.optional(), ...common })
    .refine(({ every, cron }) => every === undefined || cron === undefined, {
      message: "expected either every or cron, found both",
    });
  const phase = z.strictObject({ every: duration, until: duration });
  const watch = z.strictObject({
    for: duration.optional(),
    phases: z
      .array(phase)
      .min(1)
      .optional()
      .meta({ description: "How often to look, until when: { every: 5min, until: 1h }" }),
    ...common,
  });
  const [pulse, hourly, nightly, watched] = profileNames;
  return z.strictObject({
    [pulse]: rhythm.optional(),
    [hourly]: rhythm.optional(),
    [nightly]: rhythm.optional(),
    [watched]: watch.optional(),
  });
}

function ignoreRule(known: Known) {
  const facet = z.enum(known.facets);
  const rule = z.strictObject({
    check: checkPattern(known).optional(),
    kind: z.string().optional().meta({ description: "table, index, session …" }),
    name: z.string().optional().meta({ description: "schema.name or identity, * for any run" }),
    facet: z.union([facet, z.array(facet).min(1)]).optional(),
    role: z.string().optional(),
    reason,
    until: day.optional().meta({ description: "The last day on which it holds: 2027-03-31" }),
  });
  return rule.refine(
    ({ check, kind, name, facet, role }) => [check, kind, name, facet, role].some((x) => x),
    "hides everything: say which check, kind, name, facet or role",
  );
}

const baseline = z.strictObject({
  sealOn: z.literal("healthy-watch").meta({ description: "A healthy watch seals by itself" }),
});

const owner = z.strictObject({
  contact: z.string().min(1),
  objects: z.array(z.string()).optional().meta({ description: "public.invoices*, billing.*" }),
});

const maintenance = (known: Known) =>
  z
    .strictObject({
      cron,
      for: duration,
      targets: z.array(z.string()).min(1).optional().meta({ description: "production/*" }),
      mute: z.array(checkPattern(known)).min(1).optional(),
      expect: z.literal("stopped").optional(),
      reason,
    })
    .refine(({ mute, expect }) => mute !== undefined || expect !== undefined, {
      message: "changes nothing: say what to mute, or expect: stopped",
    });

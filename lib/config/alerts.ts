import * as z from "zod";
import { severitySchema } from "../core/severity.ts";
import { webhookFormats } from "../core/subscription.ts";
import { checkPattern, type Known } from "./known.ts";
import { cron, environmentVariable } from "./values.ts";

const when = z.enum(["now", "digest", "never"]);

/** When each severity is told. */
export const alertTimes = z.strictObject({
  critical: when.optional(),
  warning: when.optional(),
  notice: when.optional(),
});

export type AlertTimes = Readonly<Record<"critical" | "warning" | "notice", z.infer<typeof when>>>;

export const defaultAlertTimes: AlertTimes = {
  critical: "now",
  warning: "digest",
  notice: "never",
};

const listOf = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).optional();

const places = ["email", "httpsEnv", "sqs"] as const;

/** Who is told: a topic, one place, and what to filter by. */
const subscription = (known: Known) =>
  z
    .strictObject({
      topic: z.enum(["alerts", "chat", "page", "events"]),
      email: z.email("an address such as dba@example.com").optional(),
      httpsEnv: environmentVariable.optional(),
      format: z
        .enum(webhookFormats)
        .optional()
        .describe("What the command line sends to httpsEnv; by the topic otherwise"),
      sqs: z
        .string()
        .regex(/^arn:[\w-]+:sqs:/, "the ARN of a queue: arn:aws:sqs:...")
        .optional(),
      severity: listOf(severitySchema),
      environment: listOf(z.string()),
      target: listOf(z.string()),
      owner: listOf(z.string()),
      check: listOf(checkPattern(known)),
    })
    .refine(({ format, httpsEnv }) => format === undefined || httpsEnv !== undefined, {
      message: "format goes with httpsEnv",
    })
    .refine((given) => places.filter((place) => given[place] !== undefined).length === 1, {
      message: `expected one of ${places.join(", ")}`,
    });

export const alertsSchema = (known: Known) =>
  z.strictObject({
    digest: cron.optional(),
    subscriptions: z.array(subscription(known)).optional(),
  });

import * as z from "zod";
import { faultOfCron } from "../core/cron.ts";
import { duration } from "../core/units.ts";

/** The scalars of a configuration. Where one is wrong, its message says what was expected. */
export const cron = z
  .string()
  .superRefine((text, context) => {
    const message = faultOfCron(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  })
  .meta({ description: "Cron of five fields: minute hour day month weekday" });

/** A day that the calendar has. */
export const day = z.iso.date("a day such as 2027-03-31");

export const reason = z.string().min(1).meta({ description: "Why; printed in reports" });

export const environmentVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable")
  .meta({ description: "The name of an environment variable, never a value" });

/** Written as a duration, read as milliseconds. */
export const milliseconds = duration.transform((seconds) => Math.round(seconds * 1000));

const knowsTimeZone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).format() !== "";
  } catch {
    return false;
  }
};

export const timezone = z
  .string()
  .refine(knowsTimeZone, "expected a time zone such as Europe/Berlin")
  .meta({ description: "Of every cron: Europe/Berlin, UTC" });

/** The password of a file would be in every checkout and backup of it. */
const holdsPassword = (url: string): boolean => {
  const [, authority = "", query = ""] = /^\w+:\/\/([^/?]*)[^?]*(?:\?(.*))?$/s.exec(url) ?? [];
  const account = authority.slice(0, Math.max(0, authority.lastIndexOf("@")));
  return /:./s.test(account) || /(^|&)(ssl)?password=./s.test(query);
};

export const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, {
    message: "a URL such as postgres://role@host:5432/database",
    abort: true,
  })
  .refine(
    (url) => !holdsPassword(url),
    "holds a password. Take it out, and write auth: { passwordEnv: NAME_OF_A_VARIABLE } beside it",
  );

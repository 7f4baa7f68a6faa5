import { UsageError } from "../core/errors.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";

/** Which deployment. */
export const stackFlags = {
  stack: { type: "text", value: "NAME", summary: "The stack; Pgvigil otherwise" },
  region: {
    type: "text",
    value: "REGION",
    summary: "Where it is; aws.region of the configuration or AWS_REGION otherwise",
  },
} as const;

/** Where AWS is asked, by the flag before the configuration. */
export function worldOf(words: Words, io: Io, configured: string | undefined) {
  const region = words.text("region") ?? configured;
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UsageError(`--region ${region}: no region`, "--region eu-central-1");
  }
  return { env: io.env, region };
}

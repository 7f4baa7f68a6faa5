import { UsageError } from "../../core/errors.ts";
import { failOnLevels } from "../../core/exit-code.ts";
import type { Command, Words } from "../command.ts";
import { exitCodeOf } from "../deployment/line.ts";
import { printLines } from "../deployment/print.ts";
import { targetFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { readConfig } from "../read-config.ts";

export const stackFlags = {
  stack: { type: "text", value: "NAME", summary: "The stack; Pgvigil otherwise" },
  region: {
    type: "text",
    value: "REGION",
    summary: "Where it is; aws.region of the configuration or AWS_REGION otherwise",
  },
} as const;

export const failOnFlag = {
  type: "text",
  value: "SEVERITY",
  choices: failOnLevels,
  summary: "The least severity that makes the exit code 1; warning otherwise",
} as const;

export const deployStatus: Command = {
  name: "deploy-status",
  summary: "Is the deployment on AWS whole, does it look, and does it reach people?",
  description: `Functions, schedules, event sources, queues, topics and their subscriptions, the key, the bucket;
each target's last look against its rhythm; the configuration here against the deployed one; what
RDS runs and nobody watches. Nothing is changed. --probe goes the way to every database from
inside: DNS, TCP, TLS, login, and the bucket.`,
  flags: {
    ...stackFlags,
    config: targetFlags.config,
    probe: { type: "switch", summary: "Try the way to every target from inside" },
    "fail-on": failOnFlag,
    format: { type: "text", value: "FORMAT", choices: ["text", "json"], summary: "How to print" },
  },
  examples: ["pgvigil deploy-status", "pgvigil deploy-status --probe --format json"],
  async run(words, io) {
    const read = await readConfig(words, io);
    const { statusOf } = await import("../deployment/status.ts");
    const lines = await statusOf({
      stack: words.text("stack") ?? "Pgvigil",
      config: read?.config,
      shown: read?.shown,
      world: worldOf(words, io, read?.config.aws?.region),
      now: io.clock(),
      probes: words.has("probe"),
    });
    printLines(lines, words.text("format") === "json", io);
    return exitCodeOf(lines, failOnOf(words));
  },
};

export const failOnOf = (words: Words) =>
  failOnLevels.find((level) => level === words.text("fail-on")) ?? "warning";

/** Where AWS is asked, by the flag before the configuration. */
export function worldOf(words: Words, io: Io, configured: string | undefined) {
  const region = words.text("region") ?? configured;
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UsageError(`--region ${region}: no region`, "--region eu-central-1");
  }
  return { env: io.env, region };
}

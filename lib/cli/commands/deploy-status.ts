import type { Command } from "../command.ts";
import { exitCodeOf } from "../deployment/line.ts";
import { printLines } from "../deployment/print.ts";
import { failOnFlag, failOnOf, targetFlags } from "../flags.ts";
import { readConfig } from "../read-config.ts";
import { stackFlags, worldOf } from "../stack.ts";

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

import { type FailOn, failOnLevels } from "../core/exit-code.ts";
import type { Flag, Words } from "./command.ts";

/** Which databases: the same flags everywhere. */
export const targetFlags = {
  url: { type: "text", value: "URL", summary: "A database: postgres://user@host:5432/name" },
  target: {
    type: "text",
    value: "ENV/NAME",
    repeatable: true,
    summary: "A target of the configuration; its bare name where that is unique; production/*",
  },
  environment: { type: "text", value: "NAME", summary: "All targets of an environment" },
  config: {
    type: "text",
    value: "FILE",
    summary: "The configuration, instead of pgvigil.config.yaml here or above",
    completes: "file",
  },
  store: {
    type: "text",
    value: "DIR|s3://…",
    summary: "Where runs, snapshots and baselines are kept: a folder, or a deployment's bucket",
    completes: "folder",
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Which incidents: no database is asked, so that no URL is taken. */
export const incidentFlags = {
  target: targetFlags.target,
  environment: targetFlags.environment,
  config: targetFlags.config,
  store: targetFlags.store,
} as const satisfies Readonly<Record<string, Flag>>;

export const failOnFlag = {
  type: "text",
  value: "SEVERITY",
  choices: failOnLevels,
  summary: "The least severity that makes the exit code 1; warning otherwise",
} as const satisfies Flag;

export const failOnOf = (words: Words): FailOn =>
  failOnLevels.find((level) => level === words.text("fail-on")) ?? "warning";

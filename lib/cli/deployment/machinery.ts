import type { DeployedFunction, EventSource } from "../../adapters/aws/deployment/functions.ts";
import type { DeployedQueue } from "../../adapters/aws/deployment/messaging.ts";
import type { Deployment } from "../../adapters/aws/deployment/read.ts";
import type { DeployedSchedule } from "../../adapters/aws/deployment/schedules.ts";
import type { DeployedStack } from "../../adapters/aws/deployment/stack.ts";
import { count, sayTime } from "../../core/units.ts";
import { type Line, linesOf } from "./line.ts";
import { nextTick } from "./next-tick.ts";

type Said = Omit<Line, "area">;

/** Is everything there that looks, and does it run? */
export const machinery = (
  { stack, functions, sources, schedules, queues }: Deployment,
  now: Date,
): readonly Line[] => [
  { area: "stack", ...stackLine(stack) },
  ...linesOf("function", functions, functionLine),
  ...linesOf("schedule", schedules, (schedule) => scheduleLine(schedule, now)),
  ...linesOf("event source", sources, sourceLine),
  ...linesOf("queue", queues, queueLine),
];

function stackLine({ name, status, updatedAt }: DeployedStack): Said {
  const said = { name, detail: `${status}, since ${sayTime(updatedAt)}` };
  if (/ROLLBACK_COMPLETE$/.test(status)) {
    const cure = "What was deployed last did not work, and was taken back: cdk deploy says why.";
    return { ...said, state: "warning", cure };
  }
  if (/FAILED$|^DELETE/.test(status)) {
    return { ...said, state: "critical", cure: "CloudFormation's events of the stack say why." };
  }
  return { ...said, state: status.endsWith("IN_PROGRESS") ? "notice" : "ok" };
}

function functionLine({ name, description, state, update, ...it }: DeployedFunction): Said {
  const at = it.updatedAt.replace(/\.\d+\+0000$/, "Z");
  const what = description.replace(/^pgvigil: /, "");
  const facts = `${it.runtime}, updated ${sayTime(at)}, code ${it.code.slice(0, 8)}`;
  const said = { name, detail: `${what}: ${facts}` };
  const isRunning = state === "Active" || state === "Inactive";
  if (isRunning && update === "Successful") return { ...said, state: "ok" };
  if (isRunning && update === "InProgress") return { ...said, state: "notice" };
  if (state === "Pending") return { ...said, state: "notice" };
  return {
    name,
    state: "critical",
    detail: `${what}: ${state}, last update ${update}. ${it.reason}`.trim(),
    cure: "cdk deploy; the function's page in the console says more.",
  };
}

function scheduleLine({ name, description, ...it }: DeployedSchedule, now: Date): Said {
  const what = description.replace(/^pgvigil: /, "") || name;
  const when = `${it.expression} ${it.timezone}`;
  if (!it.isEnabled) {
    return {
      name,
      state: "critical",
      detail: `${what} is switched off: nobody looks by it`,
      cure: "cdk deploy switches it on, or EventBridge Scheduler's page in the console.",
    };
  }
  const next = nextTick(it, now);
  const soon = next === undefined ? when : `next ${sayTime(next.toISOString())}, ${when}`;
  return { name, state: "ok", detail: `${what}: ${soon}` };
}

function sourceLine({ queue, state, lastResult, ...it }: EventSource): Said {
  const name = nameIn(queue);
  const detail = `to ${nameIn(it.function)}: ${state}, ${lastResult || "never used"}`;
  if (state === "Disabled" || state === "Disabling") {
    const cure = "cdk deploy switches it on: until then nobody reads the queue.";
    return { name, state: "critical", detail, cure };
  }
  if (/^PROBLEM/.test(lastResult)) {
    const cure = "Lambda cannot read the queue: its role, or the queue itself, was changed.";
    return { name, state: "critical", detail, cure };
  }
  return { name, state: state === "Enabled" ? "ok" : "notice", detail };
}

function queueLine({ logicalId: name, url, waiting }: DeployedQueue): Said {
  const detail = `${count(waiting, "message")} waiting`;
  if (!/DeadLetters/.test(name) || waiting === 0) return { name, state: "ok", detail };
  return {
    name,
    state: "critical",
    detail: `${count(waiting, "message")} could not be worked on`,
    cure: `What they are: aws sqs receive-message --queue-url ${url} --attribute-names All`,
  };
}

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

import type { DeployedKey } from "../../adapters/aws/deployment/key.ts";
import type { DeployedTopic } from "../../adapters/aws/deployment/messaging.ts";
import type { Deployment } from "../../adapters/aws/deployment/read.ts";
import { count } from "../../core/units.ts";
import { type Line, linesOf, valuesOf } from "./line.ts";
import { allows } from "./policy.ts";

const alarms = "cloudwatch.amazonaws.com";
const using = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Does what is to be told reach anybody? */
export function people({ topics, key }: Deployment, accounts: readonly string[]): readonly Line[] {
  const encrypted = valuesOf(topics).some((topic) => topic.key !== "");
  return [
    ...linesOf("topic", topics, topicLines),
    ...linesOf("key", key === undefined ? [] : [key], (it) => keyLine(it, encrypted, accounts)),
  ];
}

function topicLines({ name, arn, policy, subscriptions }: DeployedTopic): Omit<Line, "area">[] {
  const lines: Omit<Line, "area">[] = subscriptions
    .filter(({ isPending }) => isPending)
    .map(({ protocol, endpoint }) => ({
      name,
      state: "warning",
      // The path of a webhook is a secret.
      detail: `${protocol} ${protocol === "https" ? hostOf(endpoint) : endpoint} has not confirmed: nothing reaches it`,
      cure:
        protocol === "email"
          ? 'Its owner must click the link in "AWS Notification - Subscription Confirmation".'
          : "The endpoint must answer SNS's SubscriptionConfirmation.",
    }));
  const confirmed = subscriptions.filter(({ isPending }) => !isPending).length;
  const nobody = name === "alerts" && subscriptions.length === 0;
  lines.unshift({
    name,
    state: nobody ? "warning" : "ok",
    detail: nobody ? "nobody is told: it has no subscription" : count(confirmed, "subscription"),
    cure: nobody
      ? "alerts: subscriptions: - { topic: alerts, email: you@example.com } in the configuration"
      : undefined,
  });
  if ((name === "alerts" || name === "page") && !allows(policy, alarms, ["sns:Publish"])) {
    lines.push({
      name,
      state: "warning",
      detail: "its policy does not let CloudWatch publish: pgvigil's own alarms reach nobody",
      cure: `Allow ${alarms} sns:Publish on ${arn}, with aws:SourceAccount of this account.`,
    });
  }
  return lines;
}

function keyLine(
  { arn, state, policy }: DeployedKey,
  encrypted: boolean,
  accounts: readonly string[],
): Omit<Line, "area"> {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  if (state !== "Enabled") {
    return {
      name,
      state: "critical",
      detail: `it is ${state}: no run can be kept, no alert sent`,
      cure: `aws kms enable-key --key-id ${name}; cancel-key-deletion before that, if it is pending.`,
    };
  }
  const closed = accounts.filter((account) => !allows(policy, account, using));
  if (closed.length > 0) {
    return {
      name,
      state: "critical",
      detail: `its policy leaves out the collectors of ${closed.join(", ")}: their runs cannot be kept`,
      cure: `Allow each of these accounts ${using.join(" and ")}; cdk synth prints the statement.`,
    };
  }
  if (encrypted && !allows(policy, alarms, using)) {
    return {
      name,
      state: "warning",
      detail: "its policy leaves out CloudWatch: alarms cannot publish to the encrypted topics",
      cure: `Allow ${alarms} ${using.join(" and ")}, with aws:SourceAccount of this account.`,
    };
  }
  return { name, state: "ok", detail: "enabled; CloudWatch may publish with it" };
}

const hostOf = (address: string): string => {
  try {
    return new URL(address).host;
  } catch {
    return "an endpoint";
  }
};

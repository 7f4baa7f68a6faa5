import { CfnSubscription, type ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import type { Topic } from "../core/alert.ts";
import { UsageError } from "../core/errors.ts";

export type Subscription = NonNullable<NonNullable<Config["alerts"]>["subscriptions"]>[number];
type Variables = Readonly<Record<string, string | undefined>>;

/** Who is told, and of what. */
export function subscribe(
  scope: Construct,
  topics: Readonly<Record<Topic, ITopic>>,
  subscriptions: readonly Subscription[],
  env: Variables,
): void {
  subscriptions.forEach((subscription, i) => {
    const filter = filterOf(subscription);
    new CfnSubscription(scope, `Subscription${i}`, {
      topicArn: topics[subscription.topic].topicArn,
      ...endpointOf(subscription, env),
      ...(filter === undefined ? {} : { filterPolicy: filter }),
      ...(subscription.sqs === undefined ? {} : { rawMessageDelivery: true }),
    });
  });
}

function endpointOf({ email, sqs, httpsEnv }: Subscription, env: Variables) {
  if (email !== undefined) return { protocol: "email", endpoint: email };
  if (sqs !== undefined) return { protocol: "sqs", endpoint: sqs };
  const endpoint = env[httpsEnv ?? ""];
  if (endpoint?.startsWith("https://")) return { protocol: "https", endpoint };
  throw new UsageError(
    `alerts.subscriptions: the environment variable ${httpsEnv} holds no https:// address.`,
    "Set it where cdk runs: it goes into the template, as SNS keeps it in the clear too.",
  );
}

/** What a subscription filters by, on the attributes that every message carries. */
function filterOf({ severity, environment, target, owner, check }: Subscription) {
  const wanted = { severity, environment, target, owner, check };
  const rules = Object.entries(wanted).flatMap(([name, values]) =>
    values === undefined ? [] : [[name, values.map(patternOf)] as const],
  );
  return rules.length === 0 ? undefined : Object.fromEntries(rules);
}

/** SNS knows no patterns but a prefix and a suffix; `*` in the middle is refused at synth. */
function patternOf(value: string) {
  if (!value.includes("*")) return value;
  if (value.indexOf("*") === value.length - 1) return { prefix: value.slice(0, -1) };
  if (value.lastIndexOf("*") === 0) return { suffix: value.slice(1) };
  throw new UsageError(
    `alerts.subscriptions: SNS filters by a prefix or a suffix, and ${value} is neither.`,
    "Write it with one * at its end or its beginning, or list the names.",
  );
}

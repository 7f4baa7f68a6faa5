import { Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSubscription, type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import { type Topic as TopicName, topics } from "../core/alert.ts";

type Subscription = NonNullable<NonNullable<Config["alerts"]>["subscriptions"]>[number];

export interface AlertTopicsProps {
  readonly key: IKey;
  readonly subscriptions: readonly Subscription[];
  /** Topics that the user has already, by name. */
  readonly given: Readonly<Partial<Record<TopicName, string>>>;
  /** Values of the variables that `httpsEnv` names, at synth. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One topic for each kind of reader: mail, chat, pager and machines want different bodies. */
export class AlertTopics extends Construct {
  readonly topics: Readonly<Record<TopicName, ITopic>>;

  constructor(scope: Construct, id: string, props: AlertTopicsProps) {
    super(scope, id);
    const made = (name: TopicName): ITopic => {
      const given = props.given[name];
      return given === undefined
        ? this.#topic(name, props.key)
        : Topic.fromTopicArn(this, titleOf(name), given);
    };
    this.topics = {
      alerts: made("alerts"),
      chat: made("chat"),
      page: made("page"),
      events: made("events"),
    };
    props.subscriptions.forEach((subscription, i) => {
      this.#subscribe(subscription, i, props.env);
    });
  }

  #topic(name: TopicName, key: IKey): Topic {
    const topic = new Topic(this, titleOf(name), {
      displayName: name === "alerts" ? "pgvigil" : `pgvigil ${name}`,
      masterKey: key,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "OnlyEncryptedOnTheWay",
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
      }),
    );
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    return topic;
  }

  #subscribe(subscription: Subscription, i: number, env: AlertTopicsProps["env"]): void {
    const filter = filterOf(subscription);
    new CfnSubscription(this, `Subscription${i}`, {
      topicArn: this.topics[subscription.topic].topicArn,
      ...endpointOf(subscription, env),
      ...(filter === undefined ? {} : { filterPolicy: filter }),
      ...(subscription.sqs === undefined ? {} : { rawMessageDelivery: true }),
    });
  }
}

const titleOf = (name: TopicName): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

function endpointOf({ email, sqs, httpsEnv }: Subscription, env: AlertTopicsProps["env"]) {
  if (email !== undefined) return { protocol: "email", endpoint: email };
  if (sqs !== undefined) return { protocol: "sqs", endpoint: sqs };
  const endpoint = env[httpsEnv ?? ""];
  if (endpoint?.startsWith("https://")) return { protocol: "https", endpoint };
  throw new Error(
    `alerts.subscriptions: the environment variable ${httpsEnv} holds no https:// address. ` +
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
  throw new Error(
    `alerts.subscriptions: SNS filters by a prefix or a suffix, and ${value} is neither.`,
  );
}

export { topics as topicNames };

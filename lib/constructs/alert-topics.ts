import { Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Topic as TopicName } from "../core/alert.ts";
import { type Subscription, subscribe } from "./subscriptions.ts";

export interface AlertTopicsProps {
  readonly key: IKey;
  readonly subscriptions: readonly Subscription[];
  /** Topics that the user has already, by name. */
  readonly given: Readonly<Partial<Record<TopicName, string | undefined>>>;
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
    subscribe(this, this.topics, props.subscriptions, props.env);
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
    topic.addToResourcePolicy(alarmsMayTell(topic, Stack.of(this)));
    return topic;
  }
}

/** What a topic must say so that alarms reach it: printed for one that is given. */
export const alarmsMayTell = (
  { topicArn }: Pick<ITopic, "topicArn">,
  { account }: Pick<Stack, "account">,
): PolicyStatement =>
  new PolicyStatement({
    sid: "AlarmsOfThisAccount",
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions: ["sns:Publish"],
    resources: [topicArn],
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  });

const titleOf = (name: TopicName): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { type Message, type Outlet, Refused, type Topic } from "../../core/alert.ts";
import { messageOf } from "../../core/errors.ts";
import { nameOf } from "./errors.ts";

/** One SNS topic for each kind of reader; attributes are what subscriptions filter by. */
export function topicOutlet(client: SNSClient, arns: Readonly<Record<Topic, string>>): Outlet {
  return {
    name: "SNS",
    async send({ topic, subject, body, attributes }: Message) {
      try {
        await client.send(
          new PublishCommand({
            TopicArn: arns[topic],
            Message: body,
            ...(subject === undefined ? {} : { Subject: subject }),
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)]),
            ),
          }),
        );
      } catch (error) {
        if (!refusals.has(nameOf(error))) throw error;
        throw new Refused(`SNS refuses it: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

const refusals = new Set([
  "InvalidParameterException",
  "InvalidParameterValueException",
  "ValidationException",
]);

const attributeOf = (value: string | readonly string[]) =>
  typeof value === "string"
    ? { DataType: "String", StringValue: value }
    : { DataType: "String.Array", StringValue: JSON.stringify(value) };

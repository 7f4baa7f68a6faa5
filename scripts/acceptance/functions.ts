import type { Context } from "aws-lambda";
import { digestHandler } from "../../lambdas/digest/handler.ts";
import { dispatchHandler } from "../../lambdas/dispatch/handler.ts";
import { examineHandler } from "../../lambdas/examine/handler.ts";
import { notifyHandler } from "../../lambdas/notify/handler.ts";
import type { AwsSettings, World } from "../../lib/adapters/aws/lambda/world.ts";
import type { Config } from "../../lib/config/schema.ts";
import { assumed } from "./moto.ts";
import { type Made, resolved, type Template } from "./template.ts";
import { region } from "./user.ts";

const handlers = {
  dispatch: dispatchHandler,
  notify: notifyHandler,
  digest: digestHandler,
  examine: examineHandler,
} as const;

const context: Context = {
  ...{ functionName: "acceptance", functionVersion: "$LATEST", memoryLimitInMB: "256" },
  ...{ invokedFunctionArn: "", awsRequestId: "", logGroupName: "", logStreamName: "" },
  ...{ callbackWaitsForEmptyEventLoop: false, getRemainingTimeInMillis: () => 60_000 },
  ...{ done() {}, fail() {}, succeed() {} },
};

/** A function in this process, with the environment and the role that the template gives it. */
export interface Hired {
  readonly as: AwsSettings;
  /** @throws Error where anything was refused, be it only logged */
  work(event: unknown): Promise<void>;
}

export interface Hiring {
  readonly endpoint: string;
  readonly template: Template;
  readonly made: ReadonlyMap<string, Made>;
  readonly config: Config;
}

/** @param words of its logical id: `Dispatch`, `Examinepulse` */
export async function hired(
  handler: keyof typeof handlers,
  words: string,
  { endpoint, template, made, config }: Hiring,
): Promise<Hired> {
  const as = await assumed(endpoint, words, template, made);
  const [, { Properties }] = template.only("AWS::Lambda::Function", words);
  const { Variables } = Object(resolved(Properties.Environment, made));
  const { accessKeyId, secretAccessKey, sessionToken } = Object(as.credentials);
  const refused: string[] = [];
  const said = (message: string, more: object = {}) =>
    void refused.push(`${message} ${JSON.stringify(more)}`);
  const world: World = {
    env: {
      ...Variables,
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId },
      ...{ AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken },
    },
    aws: as,
    clock: () => new Date(),
    log: { keys() {}, info() {}, warn: said, error: said },
    count() {},
  };
  return {
    as,
    async work(event) {
      const answer = await handlers[handler](world, config)(event, context);
      const failures = JSON.stringify(Object(answer).batchItemFailures ?? []);
      if (failures !== "[]" || refused.length > 0) {
        throw new Error(`${words}: ${refused.join("\n")} ${failures}`);
      }
    },
  };
}

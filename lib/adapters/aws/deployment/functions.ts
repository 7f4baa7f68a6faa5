import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { partOf } from "./part.ts";
import { type DeployedStack, ofType } from "./stack.ts";

export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly state: string;
  readonly update: string;
  /** Why it is not as it should be, where AWS says so. */
  readonly reason: string;
  readonly runtime: string;
  readonly updatedAt: string;
  /** SHA-256 of what runs, base64. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface EventSource {
  readonly function: string;
  readonly queue: string;
  readonly state: string;
  readonly lastResult: string;
}

export async function readFunctions(stack: DeployedStack, world: AwsWorld) {
  const client = new LambdaClient(clientSettings(world, "LAMBDA"));
  return {
    functions: await Promise.all(
      ofType(stack, "AWS::Lambda::Function").map(({ physicalId }) =>
        partOf(`the function ${physicalId}`, () => functionOf(client, physicalId)),
      ),
    ),
    sources: await Promise.all(
      ofType(stack, "AWS::Lambda::EventSourceMapping").map(({ logicalId, physicalId }) =>
        partOf(`the event source ${logicalId}`, () => sourceOf(client, physicalId)),
      ),
    ),
  };
}

async function functionOf(client: LambdaClient, name: string): Promise<DeployedFunction> {
  const it = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return {
    name,
    arn: it.FunctionArn ?? "",
    description: it.Description ?? "",
    state: it.State ?? "",
    update: it.LastUpdateStatus ?? "",
    reason: it.StateReason ?? it.LastUpdateStatusReason ?? "",
    runtime: it.Runtime ?? "",
    updatedAt: it.LastModified ?? "",
    code: it.CodeSha256 ?? "",
    environment: it.Environment?.Variables ?? {},
  };
}

async function sourceOf(client: LambdaClient, uuid: string): Promise<EventSource> {
  const it = await client.send(new GetEventSourceMappingCommand({ UUID: uuid }));
  return {
    function: it.FunctionArn ?? "",
    queue: it.EventSourceArn ?? "",
    state: it.State ?? "",
    lastResult: it.LastProcessingResult ?? "",
  };
}

import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { messageOf, UsageError } from "../../../core/errors.ts";
import { explained } from "../explain.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";

interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** A deployment, as CloudFormation knows it. Times are ISO 8601 in UTC. */
export interface DeployedStack {
  readonly name: string;
  readonly status: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** By their logical ids: `VigilOutputsStore1A2B3C4D`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly StackResource[];
}

/** @throws UsageError where there is no such stack, or nobody may ask; NoAnswer */
export async function readStack(name: string, world: AwsWorld): Promise<DeployedStack> {
  const client = new CloudFormationClient(clientSettings(world, "CLOUDFORMATION"));
  try {
    const { Stacks: [stack] = [] } = await client.send(
      new DescribeStacksCommand({ StackName: name }),
    );
    const resources: StackResource[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const each of page.StackResourceSummaries ?? []) {
        const { LogicalResourceId: logicalId = "", ResourceType: type = "" } = each;
        resources.push({ logicalId, type, physicalId: each.PhysicalResourceId ?? "" });
      }
    }
    const createdAt = stack?.CreationTime ?? new Date(0);
    return {
      name,
      status: stack?.StackStatus ?? "",
      createdAt: createdAt.toISOString(),
      updatedAt: (stack?.LastUpdatedTime ?? createdAt).toISOString(),
      outputs: Object.fromEntries(
        (stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
          OutputKey,
          OutputValue,
        ]),
      ),
      resources,
    };
  } catch (error) {
    if (!/does not exist/.test(messageOf(error))) throw explained(error, `the stack ${name}`);
    const region = await client.config.region();
    throw new UsageError(
      `there is no stack ${name} in ${region}`,
      "cdk deploy makes one; --stack NAME and --region REGION name another.",
      { cause: error },
    );
  }
}

/** An output of pgvigil's own construct, in whatever app and under whatever id it stands. */
export const outputOf = (
  { outputs }: Pick<DeployedStack, "outputs">,
  name: string,
): string | undefined => {
  const pattern = new RegExp(`Outputs${name}[0-9A-F]{8}$`);
  return Object.entries(outputs).find(([key]) => pattern.test(key))?.[1];
};

export const ofType = ({ resources }: Pick<DeployedStack, "resources">, type: string) =>
  resources.filter((resource) => resource.type === type);

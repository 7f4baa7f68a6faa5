import { CfnResource, Stack, type StackProps, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Config } from "./config/schema.ts";
import { PostgresMonitor } from "./constructs/postgres-monitor.ts";

export interface MonitorStackProps extends StackProps {
  readonly config: Config;
  /** Where `httpsEnv` of a subscription is looked up. @default process.env */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** Everything that pgvigil deploys into an AWS account: one stack a region. */
export class MonitorStack extends Stack {
  constructor(scope: Construct, id: string, { config, variables, ...props }: MonitorStackProps) {
    super(scope, id, {
      ...props,
      env: { region: config.aws?.region, account: config.aws?.account, ...props.env },
    });
    new PostgresMonitor(this, "Vigil", {
      config,
      ...(variables === undefined ? {} : { env: variables }),
    });
    const { tags = {}, permissionsBoundary } = config.aws ?? {};
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    if (permissionsBoundary === undefined) return;
    for (const each of this.node.findAll()) {
      if (CfnResource.isCfnResource(each) && each.cfnResourceType === "AWS::IAM::Role") {
        each.addPropertyOverride("PermissionsBoundary", permissionsBoundary);
      }
    }
  }
}

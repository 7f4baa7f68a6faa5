import { Annotations, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnEventSourceMapping,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type BundleName, codeOf } from "./bundle.ts";

export interface VigilFunctionProps {
  readonly bundle: BundleName;
  readonly description: string;
  readonly timeout: Duration;
  /** MB, chosen by `bench/lambda.ts`. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The configuration, as the function reads it. */
  readonly config: string;
  /** Beyond its own log group. Written by hand: an action and a resource at a time. */
  readonly may: readonly PolicyStatement[];
  readonly place?: Place | undefined;
}

/** By ids alone: nothing of the network is looked up at synth. */
export interface Place {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

/** A function with a role and a log group of its own, and nothing that it does not need. */
export class VigilFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: VigilFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `pgvigil: ${props.description}`,
    });
    const statements = [
      new PolicyStatement({
        sid: "Log",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
      ...(props.place === undefined ? [] : [networkInterfaces(this)]),
      ...props.may,
    ];
    for (const statement of statements) this.role.addToPolicy(statement);
    this.handler = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: codeOf(this, props.bundle, props.config),
      description: `pgvigil: ${props.description}`,
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      timeout: props.timeout,
      memorySize: props.memory,
      environment: {
        ...props.environment,
        NODE_OPTIONS: "--enable-source-maps --semi-space-growth-factor=1",
      },
    });
    this.handler.node.addDependency(this.role);
    if (props.place !== undefined) standIn(this.handler, props.place);
    if (props.timeout.toSeconds() > Duration.minutes(15).toSeconds()) {
      Annotations.of(this).addError("a function ends after 15 minutes");
    }
  }

  /** Reads a queue: what one message may not be worked on is given back, the others are done. */
  reads(queue: Queue, { batch, concurrency }: { batch: number; concurrency: number }): void {
    this.role.addToPolicy(
      new PolicyStatement({
        sid: "ReadItsQueue",
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [queue.queueArn],
      }),
    );
    const mapping = new CfnEventSourceMapping(this, "Source", {
      eventSourceArn: queue.queueArn,
      functionName: this.handler.functionArn,
      batchSize: batch,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // No reserved concurrency: it would be taken from everybody else in the account.
      scalingConfig: { maximumConcurrency: concurrency },
    });
    mapping.node.addDependency(this.role);
  }
}

function standIn(handler: LambdaFunction, { subnetIds, securityGroupId }: Place): void {
  const resource = handler.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error("the function has no resource");
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [securityGroupId] };
}

/**
 * What Lambda itself needs to place a function in a network. The actions know no resources.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function networkInterfaces(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: "StandInTheNetwork",
    actions: [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["*"],
    conditions: { StringEquals: { "aws:RequestedRegion": Stack.of(scope).region } },
  });
}

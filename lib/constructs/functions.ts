import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnEventInvokeConfig,
  CfnEventSourceMapping,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue, Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { codeOf } from "./bundle.ts";
import { acknowledgeWildcards, type Grant } from "./nag.ts";
import type { BundleName } from "./recipe.ts";

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
  readonly may: readonly Grant[];
  readonly place?: Place | undefined;
}

/** By ids alone: nothing of the network is looked up at synth. */
interface Place {
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
    const log = new PolicyStatement({
      sid: "Log",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroup.logGroupArn],
    });
    this.#may({
      statement: log,
      wildcards: "The streams of its own log group: Lambda names them.",
    });
    for (const grant of [...(props.place === undefined ? [] : inNetwork()), ...props.may]) {
      this.#may(grant);
    }
    this.handler = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: codeOf(this, props.bundle, props.config),
      description: `pgvigil: ${props.description}`,
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Of Lambda's own lines those of invocations that failed, ran out of time or of memory: that
      // one began and ended would be most of the log, and is in its metrics.
      systemLogLevelV2: SystemLogLevel.WARN,
      timeout: props.timeout,
      memorySize: props.memory,
      environment: { ...props.environment },
    });
    this.handler.node.addDependency(this.role);
    if (props.place !== undefined) standIn(this.handler, props.place);
  }

  /** Reads a queue: what one message may not be worked on is given back, the others are done. */
  reads(queue: Queue, { batch, concurrency }: { batch: number; concurrency: number }): void {
    this.#may({
      statement: new PolicyStatement({
        sid: "ReadItsQueue",
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [queue.queueArn],
      }),
    });
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

  /**
   * Is called by ticks, which do not wait for it: what fails is tried twice more, and what is older
   * than 5 minutes is a dead letter, as the next tick is there by then.
   */
  ticks(dead: IQueue): void {
    this.#may({
      statement: new PolicyStatement({
        sid: "TellOfWhatFailed",
        actions: ["sqs:SendMessage"],
        resources: [dead.queueArn],
      }),
    });
    const config = new CfnEventInvokeConfig(this, "Ticks", {
      functionName: this.handler.functionName,
      qualifier: "$LATEST",
      maximumEventAgeInSeconds: Duration.minutes(5).toSeconds(),
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: dead.queueArn } },
    });
    config.node.addDependency(this.role);
  }

  #may(grant: Grant): void {
    this.role.addToPolicy(grant.statement);
    acknowledgeWildcards(this.role, grant);
  }
}

function standIn(handler: LambdaFunction, { subnetIds, securityGroupId }: Place): void {
  const resource = handler.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error("the function has no resource");
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [securityGroupId] };
}

/**
 * What Lambda itself needs to place a function in a network, and what the function's own code is
 * to leave alone.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
function inNetwork(): readonly Grant[] {
  const actions = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  const ofItsCode = new PolicyStatement({
    sid: "NotByItsOwnCode",
    effect: Effect.DENY,
    actions,
    resources: ["*"],
    conditions: { Null: { "lambda:SourceFunctionArn": "false" } },
  });
  const ofLambda = new PolicyStatement({ sid: "StandInTheNetwork", actions, resources: ["*"] });
  const wildcards = "Lambda makes network interfaces whose names nobody knows yet.";
  return [{ statement: ofLambda, wildcards }, { statement: ofItsCode }];
}

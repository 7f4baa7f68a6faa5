import { Annotations, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule, CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { schedulerCrons, skippedBy } from "./cron.ts";

/** What comes at each tick: said in the event, beside the time it was meant for. */
export interface Rhythm {
  readonly name: string;
  readonly handler: IFunction;
  readonly event: Readonly<Record<string, unknown>>;
  /** Seconds, or a cron of five fields. */
  readonly every?: number | undefined;
  readonly cron?: string | undefined;
}

export interface SchedulesProps {
  readonly timezone: string;
  readonly dead: Queue;
  readonly rhythms: readonly Rhythm[];
}

/**
 * EventBridge Scheduler at minutes that are meant: no flexible window. A tick that could not be
 * delivered within 5 minutes is a dead letter, as the next one is there by then.
 */
export class Schedules extends Construct {
  readonly groupName: string;

  constructor(scope: Construct, id: string, { timezone, dead, rhythms }: SchedulesProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, "Group", {});
    this.groupName = group.attrArn.toString();
    const role = new Role(this, "Role", {
      description: "pgvigil: its ticks",
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    const handlers = [...new Set(rhythms.map(({ handler }) => handler.functionArn))];
    role.addToPolicy(
      new PolicyStatement({
        sid: "Tick",
        actions: ["lambda:InvokeFunction"],
        resources: handlers,
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        sid: "TellOfWhatWasNotDelivered",
        actions: ["sqs:SendMessage"],
        resources: [dead.queueArn],
      }),
    );
    for (const rhythm of rhythms) {
      this.#warn(rhythm, timezone);
      expressionsOf(rhythm).forEach((expression, i) => {
        const schedule = new CfnSchedule(this, `${rhythm.name}${i === 0 ? "" : i}`, {
          description: `pgvigil: ${rhythm.name}`,
          groupName: group.ref,
          scheduleExpression: expression,
          scheduleExpressionTimezone: timezone,
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: rhythm.handler.functionArn,
            roleArn: role.roleArn,
            input: JSON.stringify({
              ...rhythm.event,
              scheduledTime: "<aws.scheduler.scheduled-time>",
            }),
            deadLetterConfig: { arn: dead.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 3 },
          },
        });
        schedule.node.addDependency(role);
      });
    }
  }

  #warn({ name, cron }: Rhythm, timezone: string): void {
    const skipped = cron === undefined ? undefined : skippedBy(cron, timezone, new Date());
    if (skipped === undefined) return;
    Annotations.of(this).addWarningV2(
      `pgvigil:${name}-skipped`,
      `${name} (${cron}, ${timezone}): ${skipped} does not exist, as clocks go forward then. It runs an hour later on that day; another hour would be a surer one.`,
    );
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function expressionsOf({ name, every, cron }: Rhythm): readonly string[] {
  if (cron !== undefined) return schedulerCrons(cron);
  const minutes = (every ?? 0) / 60;
  if (!Number.isInteger(minutes) || minutes < 1) {
    throw new Error(`profiles.${name}.every: on AWS a rhythm is whole minutes, at least one`);
  }
  return [minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`];
}

import { Annotations, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule, CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { UsageError } from "../core/errors.ts";
import { schedulerCrons } from "./cron.ts";
import { skippedBy } from "./daylight.ts";
import type { Rhythm } from "./rhythms.ts";

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
  /** What its metrics are counted by. */
  readonly groupName: string;

  constructor(scope: Construct, id: string, { timezone, dead, rhythms }: SchedulesProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, "Group", {});
    this.groupName = group.ref;
    const role = new Role(this, "Role", {
      description: "pgvigil: its ticks",
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    const handlers = [...new Set(rhythms.map(({ handler }) => handler.functionArn))];
    const may = (sid: string, actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ sid, actions, resources }));
    may("Tick", ["lambda:InvokeFunction"], handlers);
    may("TellOfWhatWasNotDelivered", ["sqs:SendMessage"], [dead.queueArn]);
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
      `${name} (${cron}, ${timezone}) leaves out a day: ${skipped} does not exist, as clocks go forward then. Choose another hour.`,
    );
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function expressionsOf({ name, every, cron }: Rhythm): readonly string[] {
  if (cron !== undefined) return schedulerCrons(cron);
  const minutes = (every ?? 0) / 60;
  if (!Number.isInteger(minutes) || minutes < 1) {
    throw new UsageError(
      `profiles.${name}.every: on AWS a rhythm is whole minutes, at least one.`,
      "Write it as 1min, 5min, 1h …",
    );
  }
  return [minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`];
}

import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { partOf } from "./part.ts";
import { type DeployedStack, ofType } from "./stack.ts";

export interface DeployedSchedule {
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)`. */
  readonly expression: string;
  readonly timezone: string;
}

export function readSchedules(stack: DeployedStack, world: AwsWorld) {
  const client = new SchedulerClient(clientSettings(world, "SCHEDULER"));
  const [group] = ofType(stack, "AWS::Scheduler::ScheduleGroup");
  return Promise.all(
    ofType(stack, "AWS::Scheduler::Schedule").map(({ physicalId }) => {
      // Older stacks say group and name, newer ones the name alone.
      const name = physicalId.slice(physicalId.lastIndexOf("|") + 1);
      return partOf(`the schedule ${name}`, async (): Promise<DeployedSchedule> => {
        const it = await client.send(
          new GetScheduleCommand({ Name: name, GroupName: group?.physicalId }),
        );
        return {
          name,
          description: it.Description ?? "",
          isEnabled: it.State !== "DISABLED",
          expression: it.ScheduleExpression ?? "",
          timezone: it.ScheduleExpressionTimezone ?? "UTC",
        };
      });
    }),
  );
}

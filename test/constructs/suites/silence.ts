import { describe, expect, test } from "vitest";
import { collector, example, flat, hub, ofType } from "../stacks.ts";

const alarms = ofType(example, "AWS::CloudWatch::Alarm").map(([id, { Properties }]) => ({
  id,
  ...Properties,
}));

const alarm = (name: string) => alarms.find(({ id }) => id.startsWith(`VigilSelfAlarms${name}`));

describe("silence is an alert", () => {
  test("where no pulse comes to its end, missing data is the alarm", () => {
    expect(alarm("SilencePulse")).toMatchObject({
      Namespace: "pgvigil",
      MetricName: "Heartbeat",
      Dimensions: [{ Name: "profile", Value: "pulse" }],
      Period: 1800,
      EvaluationPeriods: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    });
    expect(alarm("SilenceHourly")).toMatchObject({ Period: 3600, EvaluationPeriods: 3 });
    expect(alarm("NightlyOverdue")).toMatchObject({ Threshold: 26, TreatMissingData: "breaching" });
  });

  test("every queue's oldest message, the dead letters, every function's errors and throttles", () => {
    for (const [queue] of ofType(example, "AWS::SQS::Queue")) {
      const heard = alarms.filter(({ Dimensions = [] }) =>
        Dimensions.some(({ Value }: { Value: unknown }) => flat(Value) === `<${queue}.QueueName>`),
      );
      expect(heard, queue).toHaveLength(1);
    }
    for (const [name] of ofType(example, "AWS::Lambda::Function")) {
      const heard = alarms.filter(({ Dimensions = [] }) =>
        Dimensions.some(({ Value }: { Value: unknown }) => flat(Value) === `<${name}>`),
      );
      expect(heard.map(({ MetricName }) => MetricName).sort(), name).toEqual([
        "Errors",
        "Throttles",
      ]);
    }
  });

  test("ticks that Scheduler dropped are counted by the name of its group", () => {
    const [[group] = []] = ofType(example, "AWS::Scheduler::ScheduleGroup");
    expect(alarm("TicksDropped")?.Dimensions).toEqual([
      { Name: "ScheduleGroup", Value: { Ref: group } },
    ]);
  });

  test("each is one metric, and goes to the mail and to the pager, when it begins and when it ends", () => {
    expect(Object.values(example.resources).map(({ Type }) => Type)).not.toContain(
      "AWS::CloudWatch::CompositeAlarm",
    );
    for (const { id, Metrics, AlarmActions, OKActions } of alarms) {
      expect(Metrics, id).toBeUndefined();
      expect(AlarmActions.map(flat), id).toEqual([
        expect.stringMatching(/^<VigilAlerts[0-9A-F]/),
        expect.stringMatching(/^<VigilAlertsPage/),
      ]);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  test("ticks come at their minute, are given up after 5, and what fails is a dead letter", () => {
    for (const [id, { Properties }] of ofType(example, "AWS::Scheduler::Schedule")) {
      expect(Properties, id).toMatchObject({
        FlexibleTimeWindow: { Mode: "OFF" },
        ScheduleExpressionTimezone: "Europe/Berlin",
        Target: { RetryPolicy: { MaximumEventAgeInSeconds: 300 }, DeadLetterConfig: {} },
      });
      expect(JSON.parse(Properties.Target.Input).scheduledTime).toBe(
        "<aws.scheduler.scheduled-time>",
      );
    }
    const configs = ofType(example, "AWS::Lambda::EventInvokeConfig");
    expect(configs).toHaveLength(2);
    for (const [, { Properties }] of configs) {
      expect(Properties).toMatchObject({ MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 });
      expect(flat(Properties.DestinationConfig.OnFailure.Destination)).toMatch(/DeadLetters/);
    }
  });

  test("a collector has no alarm: its hub tells that nothing comes any more", () => {
    expect(ofType(collector, "AWS::CloudWatch::Alarm")).toEqual([]);
    expect(ofType(hub, "AWS::CloudWatch::Alarm").map(([id]) => id.slice(15))).toContainEqual(
      expect.stringMatching(/^SilencePulse/),
    );
  });
});

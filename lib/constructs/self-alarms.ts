import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { metricNames, metricNamespace } from "../core/metrics.ts";
import type { Silence } from "./heartbeats.ts";

export interface SelfAlarmsProps {
  /** Mail and pager: the bodies of alarms are CloudWatch's own, which is what a pager takes. */
  readonly topics: readonly ITopic[];
  readonly functions: Readonly<Record<string, IFunction>>;
  /** How old the oldest message may be. */
  readonly queues: readonly { readonly name: string; readonly queue: IQueue; age: Duration }[];
  readonly dead: IQueue;
  /** Whose heartbeat is listened for: none where somebody else judges the runs. */
  readonly silences: readonly Silence[];
  /** The name of the group: what Scheduler's metrics are counted by. */
  readonly scheduleGroup: string;
  /** Hours that the last complete nightly run may be old. */
  readonly nightlyAge: number | undefined;
}

/**
 * Who watches the watchman: silence is an alert. No metric math and no composite alarms, so that
 * each says one thing and costs ten cents.
 */
export class SelfAlarms extends Construct {
  readonly #topics: readonly ITopic[];

  constructor(scope: Construct, id: string, props: SelfAlarmsProps) {
    super(scope, id);
    this.#topics = props.topics;
    this.#heartbeats(props);
    this.#queues(props);
    this.#functions(props);
    this.#ticks(props);
  }

  #ticks({ scheduleGroup }: SelfAlarmsProps): void {
    this.#alarm("TicksDropped", {
      says: "EventBridge Scheduler gave up on a tick of pgvigil.",
      metric: new Metric({
        namespace: "AWS/Scheduler",
        metricName: "InvocationDroppedCount",
        dimensionsMap: { ScheduleGroup: scheduleGroup },
        statistic: "Sum",
        period: Duration.minutes(5),
      }),
      from: 1,
    });
  }

  #heartbeats({ silences, nightlyAge }: SelfAlarmsProps): void {
    for (const { profile, period, periods } of silences) {
      this.#alarm(`Silence${capital(profile)}`, {
        says: `No ${profile} run of pgvigil has come to its end: nobody watches. Start with pgvigil deploy-status.`,
        metric: new Metric({
          namespace: metricNamespace,
          metricName: metricNames.heartbeat,
          dimensionsMap: { profile },
          statistic: "Sum",
          period,
        }),
        from: 1,
        times: periods,
        isBelow: true,
      });
    }
    if (nightlyAge === undefined) return;
    this.#alarm("NightlyOverdue", {
      says: `The last complete nightly run of pgvigil is older than ${nightlyAge} hours, or nobody says how old it is.`,
      metric: new Metric({
        namespace: metricNamespace,
        metricName: metricNames.nightlyAge,
        statistic: "Maximum",
        period: Duration.hours(1),
      }),
      from: nightlyAge,
      times: 2,
      isMissed: true,
    });
  }

  #queues({ queues, dead }: SelfAlarmsProps): void {
    for (const { name, queue, age } of queues) {
      this.#alarm(`Waiting${name}`, {
        says: `Work of pgvigil waits for longer than ${age.toHumanString()} in the queue ${name}.`,
        metric: queue.metricApproximateAgeOfOldestMessage({
          statistic: "Maximum",
          period: Duration.minutes(5),
        }),
        from: age.toSeconds(),
        times: 2,
      });
    }
    this.#alarm("DeadLetters", {
      says: "pgvigil could not do some work at all: it is in the queue of dead letters.",
      metric: dead.metricApproximateNumberOfMessagesVisible({
        statistic: "Maximum",
        period: Duration.minutes(5),
      }),
      from: 1,
    });
  }

  #functions({ functions }: SelfAlarmsProps): void {
    for (const [name, handler] of Object.entries(functions)) {
      const period = Duration.minutes(15);
      this.#alarm(`Errors${capital(name)}`, {
        says: `The function ${name} of pgvigil fails.`,
        metric: handler.metricErrors({ statistic: "Sum", period }),
        from: 1,
        times: 2,
      });
      this.#alarm(`Throttles${capital(name)}`, {
        says: `The function ${name} of pgvigil is not let run: the account's concurrency is used up.`,
        metric: handler.metricThrottles({ statistic: "Sum", period }),
        from: 1,
        times: 2,
      });
    }
  }

  #alarm(
    id: string,
    { says, metric, from, times = 1, isBelow = false, isMissed = isBelow }: Wanted,
  ): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: says,
      metric,
      threshold: from,
      evaluationPeriods: times,
      comparisonOperator: isBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isMissed ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    for (const topic of this.#topics) {
      const action = new SnsAction(topic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

interface Wanted {
  readonly says: string;
  readonly metric: IMetric;
  readonly from: number;
  readonly times?: number;
  readonly isBelow?: boolean;
  /** Where nothing is said, something is wrong. */
  readonly isMissed?: boolean;
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

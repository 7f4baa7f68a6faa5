import { Duration } from "aws-cdk-lib";
import { Dashboard, GraphWidget, Metric, SingleValueWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { metricNames, metricNamespace } from "../core/metrics.ts";

export interface DashboardProps {
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly queues: Readonly<Record<string, IQueue>>;
  readonly profiles: readonly string[];
}

/** Does it watch, how long does it take, what waits: one page, no metric of its own. */
export function dashboard(
  scope: Construct,
  { functions, queues, profiles }: DashboardProps,
): Dashboard {
  const own = (metricName: string, dimensionsMap: Record<string, string> = {}) =>
    new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap,
      statistic: "Maximum",
      period: Duration.hours(1),
    });
  const page = new Dashboard(scope, "Dashboard", { defaultInterval: Duration.days(2) });
  page.addWidgets(
    new SingleValueWidget({
      title: "Hours since the last complete nightly run",
      metrics: [own(metricNames.nightlyAge)],
      width: 6,
    }),
    new GraphWidget({
      title: "Runs that came to their end",
      left: profiles.map((profile) =>
        own(metricNames.heartbeat, { profile }).with({ statistic: "Sum", label: profile }),
      ),
      width: 18,
    }),
  );
  page.addWidgets(
    new GraphWidget({
      title: "How long each function takes",
      left: Object.entries(functions).map(([label, each]) =>
        each.metricDuration({ label, statistic: "Maximum" }),
      ),
    }),
    new GraphWidget({
      title: "Errors and throttles",
      left: Object.entries(functions).flatMap(([name, each]) => [
        each.metricErrors({ label: `${name} errors`, statistic: "Sum" }),
        each.metricThrottles({ label: `${name} throttles`, statistic: "Sum" }),
      ]),
    }),
    new GraphWidget({
      title: "What waits: age of the oldest message",
      left: Object.entries(queues).map(([label, each]) =>
        each.metricApproximateAgeOfOldestMessage({ label, statistic: "Maximum" }),
      ),
    }),
    new GraphWidget({
      title: "Targets that nobody could look at",
      left: [own(metricNames.unreachable)],
    }),
  );
  return page;
}

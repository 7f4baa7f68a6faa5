import type { Alert, Bulletin, Message } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";
import { ascii } from "./alphabets.ts";
import { attributesOf } from "./attributes.ts";
import { lookCommand } from "./commands.ts";
import { brief, ends } from "./fold.ts";
import { asciiJson } from "./json-line.ts";
import type { AlertSettings } from "./settings.ts";
import { saySince, tagOf } from "./words.ts";

export type AlarmState = "ALARM" | "OK";

/**
 * Does an alert page somebody, and how? What has eased lets people sleep; an event and a verdict
 * are nothing to get up for. A test ends what it begins.
 */
export function statesOf({ status }: Alert): readonly AlarmState[] {
  if (status === "resolved" || status === "eased") return ["OK"];
  if (status === "test") return ["ALARM", "OK"];
  return status === "event" || status === "verdict" ? [] : ["ALARM"];
}

/**
 * As CloudWatch tells SNS of an alarm, for PagerDuty and Jira Service Management, which know that
 * shape: the subject begins with the state, the body says the same, and the name is one a
 * fingerprint, so that OK ends what ALARM began.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function pagesOf(
  bulletin: Bulletin,
  alert: Alert,
  settings: AlertSettings,
  event: string,
): readonly Message[] {
  return statesOf(alert).map((state) => ({
    id: alert.status === "test" && state === "OK" ? `${alert.id}-ok` : alert.id,
    topic: "page" as const,
    subject: subject(state, bulletin, alert, settings),
    body: asciiJson(alarmOf(bulletin, alert, state, settings)),
    event,
    attributes: attributesOf(bulletin, [alert]),
  }));
}

const nowhere = { account: "000000000000", region: "us-east-1" };

/** What tells two incidents apart stands last, whole, and in brackets. */
function alarmName({ target }: Bulletin, { check, finding }: Alert, room: number): string {
  const tail = ` [${finding.fingerprint}]`;
  const head = `${ends(sayTarget(target), 60)} ${check}`;
  const identity = ascii.prose(` ${finding.object.identity}`);
  const said = ascii.prose(head);
  const left = Math.max(0, room - said.length - tail.length);
  return `${ends(said, room - tail.length)}${identity.length <= left ? identity : ""}${tail}`;
}

function subject(
  state: AlarmState,
  bulletin: Bulletin,
  alert: Alert,
  { aws = nowhere }: AlertSettings,
): string {
  const head = `${state}: "`;
  const tail = `" in ${ascii.prose(aws.region)}`;
  return `${head}${alarmName(bulletin, alert, 99 - head.length - tail.length)}${tail}`;
}

/** Longer ones CloudWatch itself refuses. */
const longest = { name: 255, description: 1024, reason: 1023 };

function alarmOf(
  bulletin: Bulletin,
  alert: Alert,
  state: AlarmState,
  settings: AlertSettings,
): Readonly<Record<string, unknown>> {
  const { aws = nowhere } = settings;
  const { finding, severity, owner, at, openedAt } = alert;
  const name = alarmName(bulletin, alert, longest.name);
  const metric = finding.measure?.value ?? 1;
  return {
    AlarmName: name,
    AlarmDescription: brief(described(bulletin, alert, settings), longest.description),
    AWSAccountId: aws.account,
    AlarmConfigurationUpdatedTimestamp: amazonTime(openedAt),
    NewStateValue: state,
    NewStateReason: brief(
      ascii.prose(`${tagOf(alert)}: ${finding.summary} (${saySince(alert)})`),
      longest.reason,
    ),
    StateChangeTime: amazonTime(at),
    Region: aws.region,
    AlarmArn: `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:pgvigil-${finding.fingerprint}`,
    OldStateValue: state === "ALARM" ? "OK" : "ALARM",
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: alert.check,
      Namespace: "pgvigil",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Unit: null,
      Dimensions: [
        { name: "environment", value: bulletin.target.environment },
        { name: "target", value: bulletin.target.name },
        { name: "severity", value: severity },
        ...(owner === undefined ? [] : [{ name: "owner", value: owner.name }]),
      ],
      Period: 300,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: metric,
      TreatMissingData: "notBreaching",
      EvaluateLowSampleCountPercentile: "",
    },
  };
}

/** All a telephone shows of it: what, why, where to look, who owns it. */
function described({ target, links }: Bulletin, alert: Alert, settings: AlertSettings): string {
  const { finding, why, owner } = alert;
  return ascii.prose(
    [
      `${finding.summary}.`,
      ...(finding.detail ?? []).slice(0, 2),
      why,
      `Look: ${lookCommand(alert, target, settings)}`,
      ...(finding.remedy === undefined ? [] : [finding.remedy.summary]),
      ...(owner === undefined ? [] : [`Owner: ${owner.name} ${owner.contact ?? ""}`.trim()]),
      ...(links.report === undefined ? [] : [links.report]),
    ].join(" "),
  );
}

/** `2026-11-20T03:18:12.000+0000` */
function amazonTime(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toISOString().replace("Z", "+0000");
}

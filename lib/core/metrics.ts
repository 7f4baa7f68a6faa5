/**
 * What the functions count, and what their alarms listen to. CloudWatch is paid for a metric by the
 * hours in which somebody sent it: what counts trouble is sent when there is some.
 */
export const metricNamespace = "pgvigil";

export const metricNames = {
  /** 1 at the end of the chain: looked, judged, and everything told. By profile. */
  heartbeat: "Heartbeat",
  /** Hours since the last complete nightly run. */
  nightlyAge: "NightlyAgeHours",
  /** Targets that nobody could look at. */
  unreachable: "UnreachableTargets",
  /** Pulses that came too late to be worth anything. */
  dropped: "PulsesDropped",
} as const;

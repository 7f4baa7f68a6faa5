import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { metricNamespace } from "../../../core/metrics.ts";
import type { Clock } from "../../../core/ports.ts";

/** What every client of AWS is made with; empty where the runtime says it all. */
export type AwsSettings = Pick<
  S3ClientConfig,
  "endpoint" | "region" | "forcePathStyle" | "credentials" | "retryStrategy" | "maxAttempts"
>;

/** Writes down what happens: `keys` are on every line of this invocation. */
export interface Log {
  keys(keys: Readonly<Record<string, unknown>>): void;
  info(message: string, more?: Readonly<Record<string, unknown>>): void;
  warn(message: string, more?: Readonly<Record<string, unknown>>): void;
  error(message: string, more?: Readonly<Record<string, unknown>>): void;
}

/** Counts something; none of them has a target for a dimension, as each one costs 30 cents. */
type Count = (name: string, value: number, dimensions?: Readonly<Record<string, string>>) => void;

/** A function's surroundings, made once for all of its invocations. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aws: AwsSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly count: Count;
  /** Given to Powertools' own middleware, which puts the invocation's ids on every line. */
  readonly logger?: Logger | undefined;
}

/** The world of a deployed function. */
export function deployedWorld(): World {
  const logger = new Logger();
  return {
    env: process.env,
    aws: {},
    clock: () => new Date(),
    log: {
      keys: (keys) => logger.appendKeys(keys),
      info: (message, more = {}) => logger.info(message, more),
      warn: (message, more = {}) => logger.warn(message, more),
      error: (message, more = {}) => logger.error(message, more),
    },
    count: counter(),
    logger,
  };
}

/** By the embedded metric format: a line in the log, and no request. */
function counter(): Count {
  const metrics = new Metrics({ namespace: metricNamespace });
  // Alarms listen to a metric by its exact dimensions: no service among them.
  metrics.clearDefaultDimensions();
  return (name, value, dimensions = {}) => {
    for (const [dimension, of] of Object.entries(dimensions)) metrics.addDimension(dimension, of);
    metrics.addMetric(name, MetricUnit.NoUnit, value);
    metrics.publishStoredMetrics();
  };
}

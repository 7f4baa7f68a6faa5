import { Duration, Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Aws } from "../config/aws.ts";
import { configHash } from "../config/hash.ts";
import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import { ticking } from "../config/ticks.ts";
import { topics as topicNames } from "../core/alert.ts";
import { AlertTopics } from "./alert-topics.ts";
import { dashboard } from "./dashboard.ts";
import { type Examiner, Examiners, environmentsOf, queueUrls } from "./examiners.ts";
import { VigilFunction } from "./functions.ts";
import { ownResources } from "./given.ts";
import { nightlyAgeOf, silences } from "./heartbeats.ts";
import { vigilKey } from "./key.ts";
import { memory } from "./memory.ts";
import { outputs } from "./outputs.ts";
import { asksRds, Policies } from "./policies.ts";
import { deadLetters, lanes, runs, workQueue } from "./queues.ts";
import { digestsOf, type Rhythm, ticksOf } from "./rhythms.ts";
import { Schedules } from "./schedules.ts";
import { SelfAlarms } from "./self-alarms.ts";
import { storeOf } from "./store.ts";
import { warnings } from "./warnings.ts";

export interface PostgresMonitorProps {
  /** As `pgvigil.config.yaml` says it, checked by `loadConfig` or `parseConfig`. */
  readonly config: Config;
  /** Where `httpsEnv` of a subscription is looked up. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Everything that keeps watch: `new PostgresMonitor(this, 'Vigil', { config })`. What examines
 * touches databases and writes runs; what notifies reads runs and sees no database. `aws.mode`
 * says which of the two halves is deployed: a hub's runs come from other accounts' collectors.
 */
export class PostgresMonitor extends Construct {
  readonly bucket: IBucket;
  /** None for a collector: its hub tells. */
  readonly alerts: AlertTopics | undefined;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly #config: Config;
  readonly #written: string;
  readonly #policies: Policies;
  readonly #common: Readonly<Record<string, string>>;
  readonly #dead: Queue;

  constructor(scope: Construct, id: string, { config, env = process.env }: PostgresMonitorProps) {
    super(scope, id);
    const aws: Partial<Aws> = config.aws ?? {};
    const judges = aws.mode !== "collector";
    this.#config = config;
    this.#written = JSON.stringify(config);
    this.#dead = deadLetters(this);
    const key = vigilKey(this, {
      given: aws.key,
      accounts: (aws.collectors ?? []).map(({ account }) => account),
    });
    const heard = judges ? workQueue(this, "RunsQueue", runs, this.#dead) : undefined;
    this.bucket = storeOf(this, aws, key, heard);
    this.#policies = new Policies(this.bucket, key, aws.objectLock !== undefined);
    this.#common = {
      PGVIGIL_STORE: `s3://${this.bucket.bucketName}`,
      POWERTOOLS_SERVICE_NAME: "pgvigil",
      ...(aws.objectLock === undefined
        ? {}
        : { PGVIGIL_OBJECT_LOCK: JSON.stringify(aws.objectLock) }),
    };
    const { all: examiners } = new Examiners(this, "Examiners", {
      config,
      written: this.#written,
      policies: this.#policies,
      environment: this.#common,
      dead: this.#dead,
    });
    this.alerts = judges
      ? new AlertTopics(this, "Alerts", {
          key,
          subscriptions: config.alerts?.subscriptions ?? [],
          given: aws.topics ?? {},
          env,
        })
      : undefined;
    const dispatch = this.#dispatch(examiners);
    const told = heard === undefined ? undefined : this.#tells(heard);
    const rhythms: readonly Rhythm[] = [
      ...ticksOf(config, dispatch, aws.mode === "hub" ? ["pulse", "hourly"] : ticking),
      ...(told === undefined ? [] : digestsOf(config, told.digest)),
    ];
    const { groupName } = new Schedules(this, "Schedules", {
      timezone: config.timezone,
      dead: this.#dead,
      rhythms,
    });
    this.functions = {
      dispatch,
      ...Object.fromEntries(examiners.map(({ name, handler }) => [name, handler])),
      ...told,
    };
    const queues = [
      ...examiners.map(({ name, lane, queue }) => ({ name, queue, age: lanes[lane].patience })),
      ...(heard === undefined ? [] : [{ name: "Runs", queue: heard, age: runs.patience }]),
    ];
    if (this.alerts !== undefined) {
      new SelfAlarms(this, "SelfAlarms", {
        topics: [this.alerts.topics.alerts, this.alerts.topics.page],
        functions: this.functions,
        queues,
        dead: this.#dead,
        silences: silences(config),
        nightlyAge: nightlyAgeOf(config),
        scheduleGroup: groupName,
      });
    }
    dashboard(this, {
      functions: this.functions,
      queues: Object.fromEntries(queues.map(({ name, queue }) => [name, queue])),
      profiles: judges ? ["pulse", "hourly", "nightly", "watch"] : [],
    });
    const configuration = configHash(config);
    outputs(this, { bucket: this.bucket, key, dispatch, alerts: this.alerts, configuration });
    ownResources(this, { aws, bucket: this.bucket });
    warnings(this, config);
  }

  /** What is due; and, where runs are judged, what nobody has seen. */
  #dispatch(examiners: readonly Examiner[]): IFunction {
    const own = environmentsOf(this.#config);
    const dispatch = new VigilFunction(this, "Dispatch", {
      bundle: "dispatch",
      description: "what is due, and what nobody has seen",
      timeout: Duration.seconds(60),
      memory: memory.dispatch,
      environment: {
        ...this.#tellsTo(),
        PGVIGIL_QUEUES: Stack.of(this).toJsonString(queueUrls(examiners)),
      },
      config: this.#written,
      may: [
        ...(own === undefined
          ? this.#policies.store(
              ["incidents/*", "unreadable/*", "cursors/*", "states/*"],
              ["watches/*"],
            )
          : this.#policies.store(
              own.flatMap((name) => [`cursors/v1/${name}/*`, `states/v1/${name}/*`]),
              ["watches/*"],
            )),
        ...this.#policies.sends(examiners.map(({ queue }) => queue)),
        ...this.#publishes(),
        asksRds(this),
      ],
    });
    dispatch.ticks(this.#dead);
    return dispatch.handler;
  }

  #tells(heard: Queue): Readonly<Record<"notify" | "digest", IFunction>> {
    const notify = new VigilFunction(this, "Notify", {
      bundle: "notify",
      description: "from runs to incidents and alerts",
      timeout: runs.timeout,
      memory: memory.notify,
      environment: this.#tellsTo(),
      config: this.#written,
      may: [
        ...this.#policies.store(
          ["incidents/*", "targets/*", "unreadable/*", "watches/*", ...sealed(this.#config)],
          ["runs/*", "snapshots/*", "states/*"],
        ),
        ...this.#publishes(),
      ],
    });
    notify.reads(heard, { batch: 10, concurrency: runs.concurrency });
    const digest = new VigilFunction(this, "Digest", {
      bundle: "digest",
      description: "the morning mail, and what is kept for longer",
      timeout: Duration.minutes(5),
      memory: memory.digest,
      environment: this.#tellsTo(),
      config: this.#written,
      may: [
        ...this.#policies.store(["incidents/*", "digests/*", "kept/*"], ["runs/*", "watches/*"]),
        ...this.#publishes(),
      ],
    });
    digest.ticks(this.#dead);
    return { notify: notify.handler, digest: digest.handler };
  }

  #tellsTo(): Readonly<Record<string, string>> {
    const { alerts } = this;
    if (alerts === undefined) return this.#common;
    const arns = topicNames.map((name) => [name, alerts.topics[name].topicArn]);
    const url = this.#config.aws?.heartbeatUrl;
    return {
      ...this.#common,
      PGVIGIL_TOPICS: Stack.of(this).toJsonString(Object.fromEntries(arns)),
      ...(url === undefined ? {} : { PGVIGIL_HEARTBEAT_URL: url }),
    };
  }

  #publishes() {
    const { alerts } = this;
    if (alerts === undefined) return [];
    return [this.#policies.publishes(topicNames.map((name) => alerts.topics[name]))];
  }
}

/** A healthy watch seals by itself only where the configuration says so. */
const sealed = (config: Config): readonly string[] =>
  targetsOf(config).some(({ sealsHealthyWatch }) => sealsHealthyWatch) ? ["baselines/*"] : [];

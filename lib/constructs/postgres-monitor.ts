import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import type { IQueue, Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import { topics as topicNames } from "../core/alert.ts";
import { AlertTopics } from "./alert-topics.ts";
import { dashboard } from "./dashboard.ts";
import { VigilFunction } from "./functions.ts";
import { vigilKey } from "./key.ts";
import { Network } from "./network.ts";
import { asksRds, logsIn, Policies } from "./policies.ts";
import { deadLetters, type Lane, laneQueue, lanes } from "./queues.ts";
import { RunBucket } from "./run-bucket.ts";
import { type Rhythm, Schedules } from "./schedules.ts";
import { SelfAlarms } from "./self-alarms.ts";

export interface PostgresMonitorProps {
  /** As `pgvigil.config.yaml` says it, checked by `loadConfig` or `parseConfig`. */
  readonly config: Config;
  /** Where `httpsEnv` of a subscription is looked up. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Databases outside of every network: reached over their public endpoints. */
export const openNetwork = "open";

const defaultEvery = 300;
const defaultCrons = { hourly: "7 * * * *", nightly: "0 3 * * *", digest: "0 8 * * *" };

/** MB. Chosen by `bench/lambda.ts`: where a run costs least and has room. */
const memory = { dispatch: 256, pulse: 256, deep: 512, notify: 256, digest: 512 };

/**
 * Everything that keeps watch: `new PostgresMonitor(this, 'Vigil', { config })`. What examines
 * touches databases and writes runs; what notifies reads runs and sees no database.
 */
export class PostgresMonitor extends Construct {
  readonly bucket: IBucket;
  readonly alerts: AlertTopics;
  readonly functions: Readonly<Record<string, IFunction>>;

  constructor(scope: Construct, id: string, { config, env = process.env }: PostgresMonitorProps) {
    super(scope, id);
    const aws = config.aws;
    const key = vigilKey(this, aws?.key);
    const dead = deadLetters(this);
    const heard = laneQueue(this, "RunsQueue", runs, dead);
    this.bucket = this.#bucket(config, key, heard);
    this.alerts = new AlertTopics(this, "Alerts", {
      key,
      subscriptions: config.alerts?.subscriptions ?? [],
      given: aws?.topics ?? {},
      env,
    });
    const policies = new Policies(this.bucket, key);
    const common = {
      PGVIGIL_STORE: `s3://${this.bucket.bucketName}`,
      POWERTOOLS_SERVICE_NAME: "pgvigil",
    };
    const written = JSON.stringify(config);
    const examined = this.#examines({ config, written, policies, common, dead });
    const tells = {
      ...common,
      PGVIGIL_TOPICS: Stack.of(this).toJsonString(
        Object.fromEntries(topicNames.map((name) => [name, this.alerts.topics[name].topicArn])),
      ),
      ...(aws?.heartbeatUrl === undefined ? {} : { PGVIGIL_HEARTBEAT_URL: aws.heartbeatUrl }),
    };
    const topics = topicNames.map((name) => this.alerts.topics[name]);
    const notify = new VigilFunction(this, "Notify", {
      bundle: "notify",
      description: "from runs to incidents and alerts",
      timeout: runs.timeout,
      memory: memory.notify,
      environment: tells,
      config: written,
      may: [
        policies.readsAndWrites("incidents", "targets", "watches", ...sealed(config)),
        policies.reads("runs", "snapshots"),
        policies.lists(),
        policies.seals(),
        policies.publishes(topics),
      ],
    });
    notify.reads(heard, { batch: 10, concurrency: 5 });
    const digest = new VigilFunction(this, "Digest", {
      bundle: "digest",
      description: "the morning mail, and what is kept for longer",
      timeout: Duration.minutes(5),
      memory: memory.digest,
      environment: tells,
      config: written,
      may: [
        policies.readsAndWrites("incidents", "targets", "kept"),
        policies.reads("runs", "watches"),
        policies.lists(),
        policies.seals(),
        policies.publishes(topics),
      ],
    });
    const queues = examined.map(({ queue }) => queue);
    const dispatch = new VigilFunction(this, "Dispatch", {
      bundle: "dispatch",
      description: "what is due, and what nobody has seen",
      timeout: Duration.seconds(60),
      memory: memory.dispatch,
      environment: {
        ...tells,
        PGVIGIL_QUEUES: Stack.of(this).toJsonString(queueUrls(examined)),
      },
      config: written,
      may: [
        policies.readsAndWrites("incidents", "watches", "cursors"),
        policies.reads("targets", "runs"),
        policies.lists(),
        policies.seals(),
        policies.sends(queues),
        policies.publishes(topics),
        asksRds(),
      ],
    });
    const schedules = new Schedules(this, "Schedules", {
      timezone: config.timezone,
      dead,
      rhythms: rhythmsOf(config, dispatch.handler, digest.handler),
    });
    this.functions = {
      dispatch: dispatch.handler,
      ...Object.fromEntries(examined.map(({ name, handler }) => [name, handler])),
      notify: notify.handler,
      digest: digest.handler,
    };
    new SelfAlarms(this, "SelfAlarms", {
      topics: [this.alerts.topics.alerts, this.alerts.topics.page],
      functions: this.functions,
      queues: [
        ...examined.map(({ name, lane, queue }) => ({ name, queue, age: patience[lane] })),
        { name: "Runs", queue: heard, age: Duration.minutes(15) },
      ],
      dead,
      heartbeats: [
        { profile: "pulse", silence: Duration.minutes(30) },
        { profile: "hourly", silence: Duration.hours(3) },
      ],
      nightlyAge: 26,
      scheduleGroup: schedules.groupName,
    });
    dashboard(this, {
      functions: this.functions,
      queues: {
        ...Object.fromEntries(examined.map(({ name, queue }) => [name, queue])),
        runs: heard,
      },
      profiles: ["pulse", "hourly", "nightly", "watch"],
    });
    this.#outputs(dispatch.handler);
  }

  #bucket(config: Config, key: IKey, heard: Queue): IBucket {
    const given = config.aws?.bucket;
    if (given === undefined) {
      const objectLock = config.aws?.objectLock !== undefined;
      return new RunBucket(this, "Runs", { key, queue: heard, objectLock }).bucket;
    }
    const bucket = Bucket.fromBucketName(this, "Runs", given);
    new Rule(this, "RunsOfTheBucket", {
      description: "pgvigil: runs in a bucket that the stack does not own",
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [given] }, object: { key: [{ prefix: "runs/v1/" }] } },
      },
      targets: [new SqsQueue(heard)],
    });
    return bucket;
  }

  /** A pair of functions a network, one for each lane, each with its queue. */
  #examines({ config, written, policies, common, dead }: ExamineParts): readonly Examined[] {
    const all = targetsOf(config);
    const networks = config.aws?.networks ?? {};
    const names = new Set(all.map((target) => target.network ?? soleNetwork(networks)));
    return [...names].sort().flatMap((network) => {
      const targets = all.filter((each) => (each.network ?? soleNetwork(networks)) === network);
      const settings = networks[network];
      const place =
        settings === undefined
          ? undefined
          : new Network(this, `Network${network}`, { name: network, settings, targets });
      return laneNames.map((lane) => {
        const name = `${lane}-${network}`;
        const queue = laneQueue(this, `Queue-${name}`, lanes[lane], dead);
        const examine = new VigilFunction(this, `Examine-${name}`, {
          bundle: "examine",
          description: `looks at databases: ${lane}, ${network}`,
          timeout: lanes[lane].timeout,
          memory: memory[lane],
          environment: { ...common, PGVIGIL_LANE: lane },
          config: written,
          may: [
            policies.readsAndWrites("runs", "snapshots", "cursors"),
            policies.reads("baselines", "targets", "watches"),
            policies.lists(),
            policies.seals(),
            ...logsIn(this, targets),
          ],
          place,
        });
        examine.reads(queue, { batch: 1, concurrency: lane === "pulse" ? 5 : 3 });
        return { name, network, lane, queue, handler: examine.handler };
      });
    });
  }

  #outputs(dispatch: IFunction): void {
    const outputs = new Construct(this, "Outputs");
    const say = (name: string, description: string, value: string) =>
      new CfnOutput(outputs, name, { description, value });
    say("Store", "For --store: runs, snapshots, incidents", `s3://${this.bucket.bucketName}`);
    say("Dispatch", "The function that every tick calls", dispatch.functionName);
    for (const name of topicNames) {
      say(`Topic${name}`, `SNS topic ${name}`, this.alerts.topics[name].topicArn);
    }
  }
}

const runs = {
  timeout: Duration.seconds(60),
  visibility: Duration.minutes(6),
  retention: Duration.days(4),
  tries: 5,
};

const laneNames: readonly Lane[] = ["pulse", "deep"];

const patience = { pulse: Duration.minutes(10), deep: Duration.hours(3) };

interface Examined {
  readonly name: string;
  readonly network: string;
  readonly lane: Lane;
  readonly queue: Queue;
  readonly handler: IFunction;
}

interface ExamineParts {
  readonly config: Config;
  readonly written: string;
  readonly policies: Policies;
  readonly common: Readonly<Record<string, string>>;
  readonly dead: Queue;
}

/** Where a target names none: the only one there is. */
const soleNetwork = (networks: Readonly<Record<string, unknown>>): string =>
  Object.keys(networks)[0] ?? openNetwork;

/** A healthy watch seals by itself only where the configuration says so. */
const sealed = (config: Config): readonly string[] =>
  targetsOf(config).some(({ sealsHealthyWatch }) => sealsHealthyWatch) ? ["baselines"] : [];

function queueUrls(examined: readonly Examined[]): Record<string, Record<string, string>> {
  const urls: Record<string, Record<string, string>> = {};
  for (const { network, lane, queue } of examined) {
    urls[network] = { ...urls[network], [lane]: (queue satisfies IQueue).queueUrl };
  }
  return urls;
}

function rhythmsOf(config: Config, dispatch: IFunction, digest: IFunction): readonly Rhythm[] {
  const { pulse, hourly, nightly } = config.profiles ?? {};
  const tick = (name: string, own: Pick<Rhythm, "every" | "cron">): Rhythm => ({
    name,
    handler: dispatch,
    event: { profile: name },
    ...own,
  });
  const of = (set: typeof pulse, standard: Pick<Rhythm, "every" | "cron">) =>
    set?.every === undefined && set?.cron === undefined
      ? standard
      : { every: set.every, cron: set.cron };
  return [
    tick("pulse", of(pulse, { every: defaultEvery })),
    tick("hourly", of(hourly, { cron: defaultCrons.hourly })),
    tick("nightly", of(nightly, { cron: defaultCrons.nightly })),
    {
      name: "digest",
      handler: digest,
      event: { job: "digest" },
      cron: config.alerts?.digest ?? defaultCrons.digest,
    },
    { name: "keep", handler: digest, event: { job: "keep" }, cron: "45 23 * * *" },
  ];
}

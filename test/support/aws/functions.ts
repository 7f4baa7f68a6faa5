import { digestHandler } from "../../../lambdas/digest/handler.ts";
import { dispatchHandler } from "../../../lambdas/dispatch/handler.ts";
import { examineHandler } from "../../../lambdas/examine/handler.ts";
import { notifyHandler } from "../../../lambdas/notify/handler.ts";
import type { World } from "../../../lib/adapters/aws/lambda/world.ts";
import { known } from "../../../lib/cli/known.ts";
import { parseConfig } from "../../../lib/config/load.ts";
import type { Config } from "../../../lib/config/schema.ts";
import { decode } from "../../../lib/core/document.ts";
import type { Store } from "../../../lib/core/ports.ts";
import type { RunDocument } from "../../../lib/core/report.ts";
import { runSchema } from "../../../lib/core/report.ts";
import { type FakeAws, fakeAws } from "./fake-aws.ts";
import { type FunctionName, isPermitted } from "./permitted.ts";
import type { PumpOptions } from "./queues.ts";
import { quickly } from "./quickly.ts";

export interface DeploymentOptions {
  /** Where the functions believe that they are in time. */
  readonly now?: Date;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds that Lambda leaves a function. */
  readonly time?: number;
  /** Each function is started once; otherwise every call finds one that was just started. */
  readonly isWarm?: boolean;
  /** How often a client asks before it gives up. */
  readonly attempts?: number;
}

/** The four functions, joined as the stack joins them, over a fake of AWS. */
export interface Deployment extends AsyncDisposable {
  readonly aws: FakeAws;
  /** The bucket, past every fault. */
  readonly store: Store;
  readonly config: Config;
  /** `name{dimension}=value`, in order. */
  readonly counted: string[];
  readonly lines: { readonly level: string; readonly message: string; readonly more: object }[];
  now: Date;
  time: number;
  tick(profile: string, at?: Date): Promise<void>;
  job(job: string, at?: Date): Promise<void>;
  /** Whatever is in the queues of one kind is worked on once. */
  examine(lane?: "pulse" | "deep", options?: PumpOptions): Promise<void>;
  notify(options?: PumpOptions): Promise<void>;
  /** As after a crash: nothing is left in memory. */
  restart(): void;
  /** A tick, and all that comes of it. */
  whole(profile: string): Promise<void>;
  runs(): Promise<readonly RunDocument[]>;
  /** Subjects of the mails that went out. */
  mails(): readonly string[];
}

const bucket = "vigil";

const configOf = (value: unknown): Config =>
  parseConfig(JSON.stringify(value), "pgvigil.config.yaml", known);

/** @param targets `environment/name` and URL */
export const configFor = (targets: Readonly<Record<string, string>>, more: object = {}): Config => {
  const environments: Record<string, { targets: Record<string, { url: string }> }> = {};
  for (const [said, url] of Object.entries(targets)) {
    const [environment = "", name = ""] = said.split("/");
    environments[environment] ??= { targets: {} };
    environments[environment].targets[name] = { url };
  }
  return {
    ...configOf({ schemaVersion: 1, environments: withoutPasswords(environments), ...more }),
    environments: environments as Config["environments"],
  };
};

/** A configuration's file holds no password; the databases of tests want one. */
const withoutPasswords = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/:[^:@"/]+@/g, "@"));

export async function deployment(
  config: Config,
  {
    now = new Date(),
    env = {},
    time = 60_000,
    isWarm = false,
    attempts = 5,
  }: DeploymentOptions = {},
): Promise<Deployment> {
  const aws = await fakeAws();
  const topics = Object.fromEntries(
    ["alerts", "chat", "page", "events"].map((name) => [name, aws.topics.create(name)]),
  );
  const queue = (name: string) => `https://sqs.eu-central-1.amazonaws.com/111122223333/${name}`;
  const counted: string[] = [];
  const lines: Deployment["lines"] = [];
  const line =
    (level: string) =>
    (message: string, more: object = {}) =>
      void lines.push({ level, message, more });
  aws.buckets.pageSize = 1000;
  aws.buckets.notify(bucket, "runs/v1/", "runs");
  aws.topics.subscribe(topics.alerts ?? "", "mail");

  aws.permits = (call) => isPermitted(config, call);

  const world = (name: FunctionName, more: Readonly<Record<string, string>> = {}): World => ({
    env: {
      PGVIGIL_STORE: `s3://${bucket}`,
      PGVIGIL_TOPICS: JSON.stringify(topics),
      PGVIGIL_QUEUES: JSON.stringify({ open: { pulse: queue("pulse"), deep: queue("deep") } }),
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: "secret",
      ...env,
      ...more,
    },
    aws: {
      ...aws.client,
      credentials: { ...aws.client.credentials, accessKeyId: name },
      retryStrategy: quickly(attempts),
    },
    clock: () => deployed.now,
    log: { keys() {}, info: line("info"), warn: line("warn"), error: line("error") },
    count: (name, value, dimensions = {}) => {
      const of = Object.values(dimensions).join(",");
      counted.push(`${name}${of === "" ? "" : `{${of}}`}=${value}`);
    },
  });
  const running = new Map<string, unknown>();
  const started = <T>(name: string, start: () => T): T => {
    if (!isWarm) return start();
    if (!running.has(name)) running.set(name, start());
    return running.get(name) as T;
  };
  const dispatch = () => started("dispatch", () => dispatchHandler(world("dispatch"), config));
  const digest = () => started("digest", () => digestHandler(world("digest"), config));
  const notify = () => started("notify", () => notifyHandler(world("notify"), config));
  const examine = (lane: "pulse" | "deep") =>
    started(lane, () => examineHandler(world("examine", { PGVIGIL_LANE: lane }), config));
  const context = () => ({ getRemainingTimeInMillis: () => deployed.time }) as never;
  const iso = (at: Date) => at.toISOString();
  const deployed: Deployment = {
    ...{ aws, store: within(aws), config, counted, lines, now, time },
    tick: (profile, at = deployed.now) =>
      dispatch()({ profile, scheduledTime: iso(at) }, context()),
    job: (job, at = deployed.now) => digest()({ job, scheduledTime: iso(at) }, context()),
    examine: (lane = "pulse", options = {}) =>
      aws.queues.pump(lane, (event) => examine(lane)(event, context()), {
        batchSize: 1,
        ...options,
      }),
    notify: (options = {}) =>
      aws.queues.pump("runs", (event) => notify()(event, context()), options),
    restart: () => running.clear(),
    async whole(profile) {
      await deployed.tick(profile);
      await deployed.examine("pulse");
      await deployed.examine("deep");
      await deployed.notify();
    },
    runs: async () =>
      Promise.all(
        aws.buckets
          .keys(bucket)
          .filter((key) => key.startsWith("runs/"))
          .map((key) => decode(key, aws.buckets.read(bucket, key) ?? new Uint8Array(), runSchema)),
      ),
    mails: () =>
      aws.topics.published
        .filter(({ topic }) => topic === topics.alerts)
        .map(({ subject = "" }) => subject),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
  return deployed;
}

const within = ({ buckets }: FakeAws): Store => ({
  place: bucket,
  async get(key) {
    const body = buckets.read(bucket, key);
    return body === undefined ? undefined : { body, tag: "" };
  },
  async put(key, body) {
    buckets.write(bucket, key, body);
    return true;
  },
  list: async (prefix) => buckets.keys(bucket).filter((key) => key.startsWith(prefix)),
});

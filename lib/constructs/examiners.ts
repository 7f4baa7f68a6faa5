import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type ExaminedTarget, examinedTargets } from "../config/examined.ts";
import type { Config } from "../config/schema.ts";
import { examined } from "./folders.ts";
import { VigilFunction } from "./functions.ts";
import { memory } from "./memory.ts";
import { Network } from "./network.ts";
import { logsIn, type Policies } from "./policies.ts";
import { type Lane, laneNames, lanes, workQueue } from "./queues.ts";

export interface ExaminersProps {
  readonly config: Config;
  /** The configuration, as the functions read it. */
  readonly written: string;
  readonly policies: Policies;
  readonly environment: Readonly<Record<string, string>>;
  readonly dead: Queue;
}

/** A function of one lane in one network, and the queue that it reads. */
export interface Examiner {
  readonly name: string;
  readonly network: string;
  readonly lane: Lane;
  readonly queue: Queue;
  readonly handler: IFunction;
}

/** What looks at databases: a pair of functions a network, so that no pulse waits for a night. */
export class Examiners extends Construct {
  readonly all: readonly Examiner[];

  constructor(scope: Construct, id: string, props: ExaminersProps) {
    super(scope, id);
    const networks = Map.groupBy(examinedTargets(props.config), ({ network }) => network);
    this.all = [...networks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([network, targets]) => this.#pair(network, targets, props));
  }

  #pair(network: string, targets: readonly ExaminedTarget[], props: ExaminersProps) {
    const settings = props.config.aws?.networks?.[network];
    const place =
      settings === undefined
        ? undefined
        : new Network(this, `Network-${network}`, { name: network, settings, targets });
    const { written, read } = examined(environmentsOf(props.config));
    return laneNames.map((lane): Examiner => {
      const name = `${lane}-${network}`;
      const { timeout, concurrency } = lanes[lane];
      const queue = workQueue(this, `Queue-${name}`, lanes[lane], props.dead);
      const examine = new VigilFunction(this, `Examine-${name}`, {
        bundle: "examine",
        description: `looks at databases: ${lane}, ${network}`,
        timeout,
        memory: memory[lane],
        environment: { ...props.environment, PGVIGIL_LANE: lane },
        config: props.written,
        may: [...props.policies.store(written, read), ...logsIn(this, targets)],
        place,
      });
      examine.reads(queue, { batch: 1, concurrency });
      return { name, network, lane, queue, handler: examine.handler };
    });
  }
}

/** Whose keys may be written: everybody's in a bucket of one's own, its own in a central one. */
export const environmentsOf = (config: Config): readonly string[] | undefined =>
  config.aws?.mode === "collector"
    ? (config.aws.environments ?? Object.keys(config.environments))
    : undefined;

/** `{network: {pulse: url, deep: url}}`: where `dispatch` sends its orders. */
export function queueUrls(examiners: readonly Examiner[]): Record<string, Record<string, string>> {
  const urls: Record<string, Record<string, string>> = {};
  for (const { network, lane, queue } of examiners) {
    urls[network] = { ...urls[network], [lane]: queue.queueUrl };
  }
  return urls;
}

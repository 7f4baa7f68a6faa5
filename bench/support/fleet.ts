import type { Call } from "../../test/support/aws/faults.ts";
import { configFor, type Deployment, deployment } from "../../test/support/aws/functions.ts";

/** Requests by `service operation`, of one function. */
export type Requests = Readonly<Record<string, number>>;

export interface Tick {
  readonly wallMs: number;
  /** Of this process: all four functions, and the fake of AWS that answers them. */
  readonly cpuMs: number;
  readonly requests: Readonly<Record<"dispatch" | "examine" | "notify", Requests>>;
  /** Invocations of what reads queues, and messages that they took. */
  readonly invocations: Readonly<Record<"examine" | "notify", number>>;
}

export const fleetOf = (
  urls: readonly string[],
  now: Date,
  more: object = {},
): Promise<Deployment> => {
  const targets = urls.map((url, i) => [`production/shop-${String(i).padStart(4, "0")}`, url]);
  return deployment(configFor(Object.fromEntries(targets), more), { now, isWarm: true });
};

type Profile = "pulse" | "hourly" | "nightly";

/** Packs at once, as the queues of the stack allow it (`lib/constructs/queues.ts`). */
const atOnce = { pulse: 5, deep: 3 } as const;

/** A tick and all that comes of it; `single` takes each pack apart, one database after the other. */
export async function tick(
  here: Deployment,
  profile: Profile,
  { single = false } = {},
): Promise<Tick> {
  const lane = profile === "pulse" ? "pulse" : "deep";
  const before = process.cpuUsage();
  const started = performance.now();
  const done = phases(here.aws.calls);
  await here.tick(profile);
  const dispatch = done();
  const queue = here.aws.queues.of(lane);
  const packs = queue.splice(0);
  const messages = single ? packs.flatMap(({ body }) => apart(body)) : packs.map((p) => p.body);
  const invocations = { examine: messages.length, notify: 0 };
  const worker = async (): Promise<void> => {
    for (let body = messages.shift(); body !== undefined; body = messages.shift()) {
      here.aws.queues.send(lane, body);
      await here.examine(lane);
    }
  };
  await Promise.all(Array.from({ length: single ? 1 : atOnce[lane] }, worker));
  const examine = done();
  // S3 tells of each run, and runs rarely come together: a batch is mostly one.
  invocations.notify = here.aws.queues.of("runs").length;
  await here.notify({ batchSize: 1 });
  const notify = done();
  const { user, system } = process.cpuUsage(before);
  const failed = here.lines.filter(({ level }) => level === "error");
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0]));
  return {
    wallMs: performance.now() - started,
    cpuMs: (user + system) / 1000,
    requests: { dispatch, examine, notify },
    invocations,
  };
}

/** One message a database, in place of one a pack. */
function apart(body: string): readonly string[] {
  const order = JSON.parse(body);
  return order.targets.map((name: string, i: number) => {
    const pack = `production=${i.toString(16).padStart(4, "0")}${order.pack.slice(-4)}`;
    return JSON.stringify({ ...order, pack, targets: [name] });
  });
}

/** Counts the calls since it was asked last. */
function phases(calls: readonly Call[]): () => Requests {
  let from = calls.length;
  return () => {
    const counted: Record<string, number> = {};
    for (const { service, operation } of calls.slice(from)) {
      const name = `${service} ${operation}`;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    from = calls.length;
    return counted;
  };
}

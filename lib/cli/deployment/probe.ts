import * as z from "zod";
import { invokeProbe } from "../../adapters/aws/deployment/probe.ts";
import type { Deployment } from "../../adapters/aws/deployment/read.ts";
import type { AwsWorld } from "../../adapters/aws/settings.ts";
import { examinedTargets } from "../../config/examined.ts";
import type { Config } from "../../config/schema.ts";
import type { ProbeStep } from "../../core/probe.ts";
import { sayTarget } from "../../core/target.ts";
import { type Line, linesOf, valuesOf } from "./line.ts";

const queuesSchema = z.record(z.string(), z.object({ pulse: z.string() }));

/**
 * The way to every target, tried from inside by the function that looks at it. Which one that is
 * follows from where the deployment sends its orders and who reads them there.
 */
export async function probe(
  deployment: Deployment,
  config: Config,
  world: AwsWorld,
): Promise<readonly Line[]> {
  const functions = functionsOf(deployment);
  const networks = Map.groupBy(examinedTargets(config), ({ network }) => network);
  const lines = [...networks].map(async ([network, targets]): Promise<readonly Line[]> => {
    const name = functions.get(network);
    const names = targets.map(({ target }) => sayTarget(target));
    if (name === undefined) {
      const detail = `no function stands in the network ${network}: ${names.join(", ")}`;
      return [{ area: "way", name: network, state: "critical", detail, cure: "cdk deploy" }];
    }
    const parts = await invokeProbe(name, names, world);
    const tried = new Set(
      valuesOf(parts).flatMap(({ probed }) => probed.map(({ target }) => target)),
    );
    const strange = parts.every(({ is }) => is === "read")
      ? names.filter((each) => !tried.has(each))
      : [];
    return [
      ...linesOf("way", parts, ({ probed }) =>
        probed.flatMap(({ target, steps }) => steps.map((step) => lineOf(target, step))),
      ),
      ...strange.map((each) => ({
        ...{ area: "way", name: each, state: "warning" as const },
        detail: "the deployment does not know it: its configuration is another",
        cure: "cdk deploy",
      })),
    ];
  });
  return (await Promise.all(lines)).flat();
}

const lineOf = (
  target: string,
  { name, ok, milliseconds, detail, errorClass, hint }: ProbeStep,
): Omit<Line, "area"> => ({
  name: target,
  state: ok ? "ok" : "critical",
  detail: `${name}: ${errorClass === undefined ? "" : `${errorClass}, `}${detail}, ${milliseconds} ms`,
  cure: hint,
});

/** By network: the function of its pulse lane. */
function functionsOf({ functions, sources }: Deployment): ReadonlyMap<string, string> {
  const all = valuesOf(functions);
  const orders = all.find(({ environment }) => environment.PGVIGIL_QUEUES !== undefined);
  const { data: queues = {} } = queuesSchema.safeParse(
    JSON.parse(orders?.environment.PGVIGIL_QUEUES ?? "{}"),
  );
  const readers = new Map(
    valuesOf(sources).map((source) => [last(source.queue, ":"), last(source.function, ":")]),
  );
  return new Map(
    Object.entries(queues).flatMap(([network, { pulse }]) => {
      const reader = readers.get(last(pulse, "/"));
      return reader === undefined ? [] : [[network, reader] as const];
    }),
  );
}

const last = (text: string, sign: string): string => text.slice(text.lastIndexOf(sign) + 1);

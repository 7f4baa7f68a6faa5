import { RDSClient } from "@aws-sdk/client-rds";
import type { Clock } from "../../../core/ports.ts";
import { type RdsState, rdsStates } from "../rds-states.ts";
import type { World } from "./world.ts";

type States = ReadonlyMap<string, RdsState>;

/** Milliseconds. What several runs of one outage ask is asked once. */
const freshness = 30_000;

/** What RDS says of its hosts; whoever asks has something else to do if it does not answer. */
export function statesIn({ aws, clock }: Pick<World, "aws" | "clock">): () => Promise<States> {
  const client = new RDSClient({
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 },
    maxAttempts: 2,
    ...aws,
  });
  return fresh(() => rdsStates(client), clock);
}

function fresh<T>(ask: () => Promise<T>, clock: Clock): () => Promise<T> {
  let kept: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = clock().getTime();
    if (kept !== undefined && now - kept.at < freshness) return kept.value;
    const value = ask();
    kept = { at: now, value };
    // A refusal is not kept: the next one asks again.
    value.catch(() => {
      kept = undefined;
    });
    return value;
  };
}

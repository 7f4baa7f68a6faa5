import { DatabaseError, messageOf } from "../../../core/errors.ts";
import type { Session, Store } from "../../../core/ports.ts";
import type { ProbeStep } from "../../../core/probe.ts";
import { reachPort, resolveHost, type Step } from "../../local/reach.ts";
import { clientConfigOf } from "../../postgres/config.ts";
import { explained } from "../explain.ts";

export interface Probed {
  readonly url: string;
  readonly environment: string;
  /** Milliseconds of patience with a port. */
  readonly connect: number;
  /** @throws DatabaseError */
  readonly open: () => Promise<Session>;
}

/** Tries the way to a database from where this runs, step by step, and that a run can be kept. */
export async function probeTarget(probed: Probed, store: Store): Promise<readonly ProbeStep[]> {
  return [...(await toDatabase(probed)), await toStore(store, probed.environment)];
}

async function toDatabase({ url, connect, open }: Probed): Promise<readonly ProbeStep[]> {
  const { place, client } = clientConfigOf({ url, env: {}, home: "/nowhere" });
  const steps: ProbeStep[] = [];
  const outside = async (name: "DNS" | "TCP", look: () => Promise<Step>): Promise<boolean> => {
    const { value, milliseconds } = await timed(look);
    const { ok, detail, cure: hint } = value;
    const failure = ok ? {} : { errorClass: "unreachable" as const, hint };
    steps.push({ name, ok, milliseconds, detail, ...failure });
    return ok;
  };
  if (!(await outside("DNS", () => resolveHost(place.host)))) return steps;
  if (!(await outside("TCP", () => reachPort(place.host, place.port, connect)))) return steps;
  const { value, milliseconds } = await timed(() => entered(open));
  const encrypted = client.ssl === false ? "not used" : "encrypted, certificate checked as asked";
  if (value instanceof DatabaseError) {
    const { errorClass, message: detail, hint } = value;
    const failed = { ok: false, milliseconds, detail, errorClass, hint };
    if (errorClass === "tls") return [...steps, { name: "TLS", ...failed }];
    steps.push({ name: "TLS", ok: true, milliseconds: 0, detail: encrypted });
    return [...steps, { name: "login", ...failed }];
  }
  return [
    ...steps,
    { name: "TLS", ok: true, milliseconds: 0, detail: encrypted },
    { name: "login", ok: true, milliseconds, detail: value },
  ];
}

/** Who answered, or why nobody did. */
async function entered(open: () => Promise<Session>): Promise<string | DatabaseError> {
  try {
    await using session = await open();
    const { role, version, inRecovery } = session.server;
    return `${role} on PostgreSQL ${version}${inRecovery ? ", a replica" : ""}`;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
}

/** Writes where a run's cursors are, and reads it again: no name of a target holds a tilde. */
async function toStore(store: Store, environment: string): Promise<ProbeStep> {
  const key = `cursors/v1/${environment}/~probe.json`;
  const { value, milliseconds } = await timed(async () => {
    try {
      await store.put(key, new TextEncoder().encode("{}\n"));
      return (await store.get(key)) === undefined ? "what was written is not there" : undefined;
    } catch (error) {
      return explained(error, store.place);
    }
  });
  if (value === undefined) {
    return { name: "S3", ok: true, milliseconds, detail: `${store.place}, read and written` };
  }
  const { hint } = Object(value);
  return {
    ...{ name: "S3", ok: false, milliseconds },
    detail: typeof value === "string" ? value : messageOf(value),
    hint:
      "The S3 gateway endpoint must be on the route tables of the function's subnets, and the " +
      `function's role and the key's policy must let it write. ${hint ?? ""}`.trimEnd(),
  };
}

async function timed<T>(work: () => Promise<T>) {
  const started = performance.now();
  const value = await work();
  return { value, milliseconds: Math.round(performance.now() - started) };
}

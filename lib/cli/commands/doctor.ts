import { styleText } from "node:util";
import * as z from "zod";
import { reachPort, resolveHost } from "../../adapters/local/reach.ts";
import { DatabaseError, type ErrorClass } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import type { Session } from "../../core/ports.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { rowsAs } from "../../core/typed.ts";
import type { Command } from "../command.ts";
import { type Finding, rightEnvironment, stepsInside } from "../doctor-steps.ts";
import { targetFlags } from "../flags.ts";
import { type Fleet, type FleetTarget, fleetOf } from "../fleet.ts";
import { type Io, print, wantsColour } from "../io.ts";

export const doctor: Command = {
  name: "doctor",
  summary: "Try the way to every target, step by step, and say what to mend",
  flags: targetFlags,
  examples: ["pgvigil doctor", "pgvigil doctor --target production/orders"],
  async run(words, io) {
    const fleet = await fleetOf(words, io);
    let failed = false;
    for (const target of fleet.targets) {
      print(io, printable(`${sayTarget(target.target)}  ${placeOf(target)}`));
      for await (const step of stepsOf(target, fleet, io)) {
        failed ||= step.state === "failed";
        print(io, lineOf(step, io));
      }
    }
    return failed ? exitCodes.unknown : exitCodes.healthy;
  },
};

const placeOf = ({ connection: { place } }: FleetTarget): string =>
  `${place.user}@${place.host}:${place.port}/${place.database}`;

/** In the order of the way there; what lies behind a closed door is not tried. */
async function* stepsOf(each: FleetTarget, fleet: Fleet, io: Io): AsyncGenerator<Finding> {
  const { host, port } = each.connection.place;
  for (const outside of [
    () => resolveHost(host),
    () => reachPort(host, port, fleet.limits.connect),
  ]) {
    const { ok, ...step } = await outside();
    yield { ...step, state: ok ? "ok" : "failed" };
    if (!ok) return;
  }
  try {
    await using session = await each.open(fleet.limits, io.signal);
    const encrypted = each.connection.client.ssl ? "encrypted, certificate checked as asked" : "";
    yield { name: "TLS", state: "ok", detail: encrypted || "not used (sslmode, or this machine)" };
    yield { name: "login", state: "ok", detail: session.server.role };
    yield* stepsInside(session, io.clock());
    yield await environmentOf(session, each, fleet);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { errorClass, message, hint } = error;
    yield { name: doorOf(errorClass), state: "failed", detail: message, cure: hint };
  }
}

const doorOf = (errorClass: ErrorClass): string => (errorClass === "tls" ? "TLS" : "login");

const said = z.object({ environment: z.string().nullable() });

async function environmentOf(session: Session, each: FleetTarget, fleet: Fleet): Promise<Finding> {
  const id = "environment";
  const sql =
    "SELECT pg_catalog.current_setting('pgvigil.environment', true) AS \"environment\" ORDER BY 1";
  const [{ environment }] = rowsAs(said, await session.rows({ id, sql }), id, 1);
  const { host, database } = each.connection.place;
  return rightEnvironment(each.target, environment, [host, database], fleet.environments);
}

const marks = {
  ok: ["ok", "green"],
  warning: ["warn", "yellow"],
  failed: ["FAIL", "red"],
} as const;

function lineOf({ name, state, detail, cure }: Finding, io: Io): string {
  const [word, colour] = marks[state];
  const mark = wantsColour(io, "stdout")
    ? styleText(colour, word.padEnd(4), { validateStream: false })
    : word.padEnd(4);
  const line = `  ${mark}  ${name.padEnd(11)}  ${printable(detail)}`;
  return cure === undefined || cure === ""
    ? line
    : `${line}\n                     ${printable(cure)}`;
}

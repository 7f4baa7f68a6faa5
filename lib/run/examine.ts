import { isDeepStrictEqual } from "node:util";
import { vitals } from "../checks/reads/vitals.ts";
import { connection, failedAttempt } from "../core/connection.ts";
import { DatabaseError, messageOf } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Session } from "../core/ports.ts";
import { countOutcomes, type Report, verdictOf } from "../core/report.ts";
import { reportedServerSchema } from "../core/server.ts";
import { shared } from "./evidence.ts";
import type { Examination, Remembered } from "./examination.ts";
import { failedOutcome, skipped } from "./failure.ts";
import { type ChosenCheck, judge } from "./judge.ts";
import { type Kept, keepSchema } from "./keep-schema.ts";
import { baselineOn, pastOn } from "./memory.ts";
import { notApplicable } from "./needs.ts";
import { Reader } from "./reader.ts";
import { judgesRules } from "./rules.ts";
import { scenesFor } from "./scenes.ts";

/** Looks at one target, judges what it saw, and reports. Never throws for what a server does. */
export async function examine(examination: Examination): Promise<Report> {
  const startedAt = examination.clock();
  const session = await attach(examination);
  try {
    const { outcomes, schema, vitals, scenes } = await lookAtAll(examination, session, startedAt);
    return {
      target: examination.target,
      ...(session instanceof DatabaseError
        ? {}
        : { server: reportedServerSchema.parse(session.server) }),
      startedAt: startedAt.toISOString(),
      finishedAt: examination.clock().toISOString(),
      verdict: verdictOf(outcomes),
      counts: countOutcomes(outcomes),
      ...(schema === undefined ? {} : { schema }),
      ...(vitals === undefined ? {} : { vitals }),
      ...(scenes === undefined ? {} : { scenes }),
      ...shared(outcomes, examination.checks),
    };
  } finally {
    if (!(session instanceof DatabaseError)) await session[Symbol.asyncDispose]();
  }
}

async function attach({ connect }: Examination): Promise<Session | DatabaseError> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    return new DatabaseError("other", messageOf(error), { hint: "", cause: error });
  }
}

async function lookAtAll(
  task: Examination,
  session: Session | DatabaseError,
  now: Date,
): Promise<Kept & Pick<Report, "vitals" | "scenes">> {
  const server = session instanceof DatabaseError ? undefined : session.server;
  const examination = { ...task, past: pastOn(task, server), baseline: baselineOn(task, server) };
  if (session instanceof DatabaseError) {
    return { outcomes: await askAll(examination, fromOutside(examination, session, now)) };
  }
  const { clock, deadline } = examination;
  const remaining = () => deadline - clock().getTime();
  const reader = new Reader({ ...examination, session, remaining });
  const look = fromInside(examination, session, reader, now);
  // First, since a check that takes its time would be seen in them.
  if (task.profile === "watch") await reader.ask(vitals, {}).catch(() => undefined);
  const scenes = scenesFor(examination, session);
  const outcomes = await askAll(examination, async (chosen) => {
    const outcome = await look(chosen);
    await scenes.after(outcome);
    return outcome;
  });
  const kept = await keepSchema(reader, examination, outcomes);
  return { ...kept, vitals: await reader.answered(vitals), scenes: await scenes.taken() };
}

async function askAll(examination: Examination, look: Look): Promise<Outcome[]> {
  const { onProgress } = examination;
  const checks = examination.checks.filter((chosen) => !judgesRules(chosen));
  const outcomes: Outcome[] = [];
  for (const chosen of checks) {
    onProgress?.(outcomes.length, checks.length);
    outcomes.push(await look(chosen));
  }
  onProgress?.(checks.length, checks.length);
  return outcomes;
}

type Look = (chosen: ChosenCheck) => Promise<Outcome>;

/** Does this check judge the connection alone? Then it has something to say when there is none. */
const judgesConnection = ({ check }: ChosenCheck): boolean =>
  Object.values(check.reads).every((read) => read === connection);

/** Nobody answered: only what judges the connection has looked. */
function fromOutside(examination: Examination, error: DatabaseError, now: Date): Look {
  const evidence = { connection: failedAttempt(error) };
  return async (chosen) =>
    judgesConnection(chosen)
      ? judged(chosen, evidence, examination, now)
      : skipped(chosen.check.id, "unreachable", error.message, error.hint);
}

function fromInside(examination: Examination, session: Session, reader: Reader, now: Date): Look {
  const { clock, deadline, claim, signal, store } = examination;
  const remaining = () => deadline - clock().getTime();
  const sameAs = claim?.(session.server);
  reader.seed(connection, {
    reached: true,
    server: session.server,
    ...(sameAs === undefined ? {} : { sameAs }),
  });
  return async (chosen) => {
    const { id, reads } = chosen.check;
    const absent = notApplicable(chosen.check, session.server, store !== undefined);
    if (absent !== undefined) {
      return skipped(id, "not-applicable", absent.reason, absent.cure);
    }
    if (!judgesConnection(chosen)) {
      if (sameAs !== undefined) return skipped(id, "error", `the same database as ${sameAs}`);
      if (signal?.aborted) return skipped(id, "out-of-time", "interrupted");
    }
    try {
      const evidence: Record<string, unknown> = {};
      for (const [name, read] of Object.entries(reads)) {
        evidence[name] = await reader.ask(read, chosen.options);
      }
      return judged(chosen, evidence, { ...examination, server: session.server }, now);
    } catch (error) {
      if (signal?.aborted) return skipped(id, "out-of-time", "interrupted");
      return remaining() > 0 ? failedOutcome(id, error) : late(id, error);
    }
  };
}

/** Whatever went wrong, it went wrong because the time was up. */
const late = (check: string, error: unknown): Outcome =>
  skipped(check, "out-of-time", `the target's time was up: ${messageOf(error)}`);

function judged(
  chosen: ChosenCheck,
  evidence: Readonly<Record<string, unknown>>,
  examination: Examination & { readonly server?: Session["server"] },
  now: Date,
): Outcome {
  const { target, ignore, past, profile, server } = examination;
  const previous = past(chosen.check.id);
  const baseline = examination.baseline?.(chosen.check.id);
  const context = { now, server, profile, previous, baseline };
  const outcome = judge(chosen, evidence, context, target, ignore);
  return {
    ...outcome,
    ...standingOf(chosen, outcome, examination.standing?.(chosen.check.id), now),
    ...(previous === undefined ? {} : { past: previous }),
    ...(baseline === undefined ? {} : { baseline }),
    evidence: jsonOf(evidence),
  };
}

/** Since when the store says what this look would remember. */
function standingOf(
  { check }: ChosenCheck,
  { memory }: Outcome,
  standing: Remembered | undefined,
  now: Date,
): Pick<Outcome, "stands"> {
  if (memory === undefined || standing?.memory === undefined) return {};
  const isRefresh = check.isRefresh ?? isDeepStrictEqual;
  return isRefresh(memory, standing.memory, now) ? { stands: standing.at } : {};
}

/** Evidence as it is stored: what JSON cannot hold would not be there to replay. */
const jsonOf = (evidence: Readonly<Record<string, unknown>>): NonNullable<Outcome["evidence"]> =>
  JSON.parse(JSON.stringify(evidence));

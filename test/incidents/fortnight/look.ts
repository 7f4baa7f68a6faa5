import type { Config } from "../../../lib/config/schema.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import type { ProfileName } from "../../../lib/core/profile.ts";
import { countOutcomes, type RunDocument, verdictOf } from "../../../lib/core/report.ts";
import { countingServerSchema, reportedServerSchema } from "../../../lib/core/server.ts";
import { choose } from "../../../lib/run/choose.ts";
import type { BeforeWatch, Remembered } from "../../../lib/run/examination.ts";
import { skipped } from "../../../lib/run/failure.ts";
import { type ChosenCheck, judge } from "../../../lib/run/judge.ts";
import { baselineOn, pastOn } from "../../../lib/run/memory.ts";
import { notApplicable } from "../../../lib/run/needs.ts";
import { judgesRules } from "../../../lib/run/rules.ts";
import { checksOfProfile } from "../../../lib/service/checks.ts";
import { addsOf, type ServedTarget } from "../../../lib/service/targets.ts";
import { checksOf, type Place } from "../../../lib/service/watch/checks.ts";
import type { Database } from "./database.ts";
import type { Answers } from "./evidence.ts";
import { dateAt, isoAt } from "./time.ts";

/** What checks remember of a database: of the last look, and of when its watch began. */
export interface Memory {
  readonly last: Map<string, Remembered>;
  before: Map<string, BeforeWatch>;
}

export type Kind = Exclude<ProfileName, "watch"> | Place;
const profileOf = (kind: Kind): ProfileName =>
  kind === "pulse" || kind === "hourly" || kind === "nightly" ? kind : "watch";

/** The checks of a look, with the options that the configuration gives them. */
export function chosenFor(
  config: Config,
  served: ServedTarget,
  kind: Kind,
): readonly ChosenCheck[] {
  const profile = profileOf(kind);
  const adds = addsOf(config);
  const checks =
    kind === "pulse" || kind === "hourly" || kind === "nightly"
      ? checksOfProfile(kind, adds)
      : checksOf(kind)(adds);
  return choose(checks, profile, served.levels(profile)).filter((one) => !judgesRules(one));
}

interface Looking {
  readonly kind: Kind;
  readonly checks: readonly ChosenCheck[];
  readonly served: ServedTarget;
  readonly database: Database;
  readonly answers: Answers;
  readonly memory: Memory;
  /** The watch that is open. */
  readonly watch: string | undefined;
}

/** What the engine does with a target, but for the connection: `answers` takes its place. */
export function lookAt(minute: number, looking: Looking): RunDocument {
  const { kind, checks, served, database, answers, memory, watch } = looking;
  const { server } = database;
  const { target, ignore } = served;
  const profile = profileOf(kind);
  const past = pastOn({ past: (check) => memory.last.get(check), checks }, server);
  const baseline = baselineOn({ baseline: (check) => memory.before.get(check), checks }, server);
  const at = isoAt(minute);
  const outcomes = checks.map((chosen): Outcome => {
    const { id, reads } = chosen.check;
    const absent = notApplicable(chosen.check, server, true);
    if (absent !== undefined) return skipped(id, "not-applicable", absent.reason, absent.cure);
    const evidence = Object.fromEntries(
      Object.entries(reads).map(([name, read]) => [
        name,
        answers(read.id, minute, (check) => memory.last.get(check)?.memory),
      ]),
    );
    const context = {
      now: dateAt(minute),
      server,
      profile,
      previous: past(id),
      baseline: baseline(id),
    };
    return judge(chosen, evidence, context, target, ignore);
  });
  for (const { check, memory: kept } of outcomes) {
    if (kept === undefined) continue;
    const one = { at, memory: kept, server: countingServer(database) };
    memory.last.set(check, one);
    if (watch !== undefined && !memory.before.has(check))
      memory.before.set(check, { watch, ...one });
  }
  const id = `${at.replace(/[-:]|\.\d+/g, "")}-${profile}-${database.name}`;
  return {
    schemaVersion: 1,
    run: { id, profile, trigger: "schedule", startedAt: at, finishedAt: at, pgvigil: "1.0.0" },
    reports: [
      {
        ...{ target, startedAt: at, finishedAt: at, outcomes },
        server: reported(database),
        verdict: verdictOf(outcomes),
        counts: countOutcomes(outcomes),
      },
    ],
  };
}

const countingServers = new Map<string, ReturnType<typeof countingServerSchema.parse>>();
const countingServer = ({ name, server }: Database) => {
  const known = countingServers.get(name) ?? countingServerSchema.parse(server);
  countingServers.set(name, known);
  return known;
};
const reportedServers = new Map<string, ReturnType<typeof reportedServerSchema.parse>>();
const reported = ({ name, server }: Database) => {
  const known = reportedServers.get(name) ?? reportedServerSchema.parse(server);
  reportedServers.set(name, known);
  return known;
};

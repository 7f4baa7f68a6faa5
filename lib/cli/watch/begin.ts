import { UsageError } from "../../core/errors.ts";
import { type ExitCode, exitCodeOf, exitCodes, type FailOn } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import type { RunDocument } from "../../core/report.ts";
import { sayFlags, sayTarget } from "../../core/target.ts";
import { duration, sayDuration, sayTime } from "../../core/units.ts";
import type { Watch } from "../../core/watch.ts";
import { reportSentence } from "../../render/sentence.ts";
import { slotTimes } from "../../watch/due.ts";
import { beginWatch } from "../../watch/keep.ts";
import {
  defaultLength,
  defaultPhases,
  parsePhases,
  phasesFor,
  sayPhases,
} from "../../watch/phases.ts";
import type { Words } from "../command.ts";
import type { FleetTarget } from "../fleet.ts";
import { type Io, print } from "../io.ts";
import { byWhom, isDeployed } from "../store.ts";
import { lookBefore, step, type Watching } from "./step.ts";
import type { WatchFleet } from "./store.ts";

/** `--for` and `--phases`, else the configuration's, else 48 hours of the usual ones. */
function phasesOf(words: Words, { watch }: WatchFleet) {
  const text = words.text("phases");
  const phases = text === undefined ? (watch?.phases ?? defaultPhases) : parsePhases(text);
  const length = lengthOf(words.text("for")) ?? (text === undefined ? watch?.for : undefined);
  const own = phases.at(-1)?.until ?? defaultLength;
  return phasesFor(phases, length ?? (phases === defaultPhases ? defaultLength : own));
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = duration.safeParse(text).data;
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new UsageError(`--for ${text}: not a duration`, "--for 48h, --for 7d, --for 90min");
}

/** Before the deployment: a look to hold the watch against, and the deploy window opens. */
export async function prepare(watching: Watching, words: Words, failOn: FailOn): Promise<ExitCode> {
  const { each, fleet, io } = watching;
  const { watch, is, ended } = await beginWatch(fleet.store, {
    kind: "prepare",
    target: each.target,
    deploy: words.text("deploy"),
    by: await byWhom(words, io, fleet.store),
    phases: phasesOf(words, fleet),
    now: io.clock(),
  });
  if (is === "same" && watch.state === "open") {
    print(io, printable(`${sayTarget(each.target)}: ${watch.deploy} is under watch already`));
    return exitCodes.healthy;
  }
  const { watch: now, run } = await lookBefore(watching, watch);
  print(io, printable(`${sayTarget(each.target)}: prepared, ${sayBaseline(now)}`));
  sayEnded(ended, io);
  print(io, `  When it is deployed: pgvigil watch start ${flagsOf(each)} --deploy ID`);
  return told(run, failOn, io);
}

/** After the deployment: the watch opens, and its first look is taken. */
export async function start(watching: Watching, words: Words, failOn: FailOn): Promise<ExitCode> {
  const { each, io } = watching;
  const { watch, is, ended } = await openFor(watching, words);
  const name = printable(sayTarget(each.target));
  if (is === "same") {
    print(io, `${name}: ${printable(watch.deploy ?? "")} is under watch already`);
    return exitCodes.healthy;
  }
  if (watch.state === "closed") {
    print(io, `${name}: another deployment began at the same time, and is watched`);
    return exitCodes.healthy;
  }
  const until = slotTimes(watch).at(-1)?.toISOString() ?? "";
  print(io, `${name}: ${printable(watch.deploy ?? "")} is under watch until ${sayTime(until)}`);
  sayEnded(ended, io);
  print(io, `  ${sayPhases(watch.phases)}`);
  if (watch.baseline === undefined) {
    print(
      io,
      "  No baseline from before it: what the deployment itself did to the numbers is not seen.",
    );
    print(io, `  Next time: pgvigil watch prepare ${flagsOf(each)}, before it begins.`);
  }
  if (isDeployed(watching.fleet.store)) {
    print(io, "  The deployment looks: at its next tick, and from then on.");
    print(io, `  How it stands:  pgvigil watch status ${flagsOf(each)}`);
    return exitCodes.healthy;
  }
  const looked = await step(watching);
  const [first] = watch.phases;
  const code = told(looked?.run, failOn, io);
  print(io, `  Go on here:     pgvigil watch run ${flagsOf(each)}`);
  print(
    io,
    `  Or from cron, every ${sayDuration(first?.every ?? 300)}: pgvigil watch run --once ${flagsOf(each)}`,
  );
  print(io, `  How it stands:  pgvigil watch status ${flagsOf(each)}`);
  return code;
}

/** One watch a target: whoever begins another should know what it put an end to. */
function sayEnded(ended: Watch | undefined, io: Io): void {
  if (ended === undefined) return;
  print(io, printable(`  The watch of ${ended.deploy ?? "an unnamed deployment"} ended with it.`));
}

/** Opens the watch of `--deploy`, or finds it open. */
export async function openFor({ each, fleet, io }: Watching, words: Words) {
  const deploy = words.text("deploy");
  if (deploy === undefined) {
    throw new UsageError("which deployment?", "--deploy ID: a release, a commit, a build number");
  }
  return beginWatch(fleet.store, {
    kind: "start",
    target: each.target,
    deploy,
    by: await byWhom(words, io, fleet.store),
    phases: phasesOf(words, fleet),
    now: io.clock(),
  });
}

export const flagsOf = ({ target, typed }: FleetTarget): string =>
  sayFlags(sayTarget(target), typed);

function sayBaseline({ baseline }: Watch): string {
  if (baseline === undefined) return "but nobody answered: there is no baseline yet";
  const { at, checksum, vitals } = baseline;
  return [
    `baseline of ${sayTime(vitals?.at ?? at, true)}`,
    ...(checksum === undefined ? [] : [`schema ${checksum.slice(0, 19)}`]),
    ...(vitals?.wal === undefined ? [] : [`WAL position ${vitals.wal.lsn}`]),
  ].join(", ");
}

function told(run: RunDocument | undefined, failOn: FailOn, io: Io): ExitCode {
  if (run === undefined) return exitCodes.healthy;
  for (const report of run.reports) print(io, `  Looked: ${reportSentence(report)}`);
  return exitCodeOf(run, failOn);
}

import { memoryStore } from "../../adapters/local/memory-store.ts";
import { type ExitCode, exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { newestWatch, openWatch } from "../../watch/keep.ts";
import { pictureOf } from "../../watch/picture.ts";
import { deliveryOf } from "../alerts/delivery.ts";
import { alertFlags, wantsAlerts, withoutStore } from "../alerts/flags.ts";
import type { Command, Words } from "../command.ts";
import { failOnFlag, failOnOf, targetFlags } from "../flags.ts";
import { fleetOf } from "../fleet.ts";
import { leaveToDeployment } from "../incidents/taken-in.ts";
import { type Io, print, say } from "../io.ts";
import { byWhom } from "../store.ts";
import { flagsOf, prepare, start } from "../watch/begin.ts";
import { printed, type WatchFormat, watchFormats } from "../watch/print.ts";
import { codeOf, runOn, runOnce, worstOf } from "../watch/run.ts";
import { end, type Watching } from "../watch/step.ts";
import { withStore } from "../watch/store.ts";
import { silent, tellerFor } from "../watch/teller.ts";

const actions = ["prepare", "start", "status", "stop", "run"] as const;
type Action = (typeof actions)[number];

export const watch: Command = {
  name: "watch",
  summary: "Keep an eye on a database after a deployment: 48 hours, then a verdict",
  description: `prepare  before the deployment: a look to hold the watch against; expected states may come
start    after it: opens the watch, and takes the first look; a deployment takes them all itself
run      takes the looks that are due, here, until it is over; --once for cron
status   how it stands, or how it ended
stop     ends it now, with a verdict

A look every 5 min in the first hour, every 15 min to hour 4, hourly to hour 24, every 2 h to hour
48; with --for 7d daily from then on. --phases or profiles.watch.phases say otherwise.`,
  positionals: [{ name: "ACTION", summary: actions.join(", "), choices: actions }],
  flags: {
    ...targetFlags,
    deploy: { type: "text", value: "ID", summary: "The deployment: a release, a commit, a build" },
    for: { type: "text", value: "DURATION", summary: "How long to watch; 48h otherwise" },
    phases: {
      type: "text",
      value: "EVERY/UNTIL,…",
      summary: "How often to look: 5min/1h,15min/4h,1h/24h,2h/48h",
    },
    by: {
      type: "text",
      value: "NAME",
      summary: "Who deploys or stops; your ARN or git's e-mail otherwise",
    },
    why: { type: "text", value: "TEXT", summary: "Why it is stopped" },
    once: { type: "switch", summary: "run: take the look that is due, and return" },
    "fail-on": {
      ...failOnFlag,
      summary: "The least severity that makes the exit code of a look 1; warning otherwise",
    },
    format: { type: "text", value: "FORMAT", choices: watchFormats, summary: "How to print it" },
    ...alertFlags,
  },
  examples: [
    "pgvigil watch prepare --target production/orders",
    "pgvigil watch start --target production/orders --deploy release-41",
    "pgvigil watch run --once --target 'production/*' --send",
    "pgvigil watch status --target production/orders --format markdown",
    "pgvigil watch run --url postgres://pgvigil@localhost/shop --deploy trial --for 10min",
  ],
  async run(words, io) {
    const action = actions.find((name) => name === words.positionals[0]) ?? "status";
    const watchings = await watchingsOf(action, words, io);
    const failOn = failOnOf(words);
    const format = watchFormats.find((name) => name === words.text("format")) ?? "text";
    if (action === "run") {
      return words.has("once")
        ? runOnce(watchings, failOn, format)
        : runOn(watchings, words, format);
    }
    const codes: ExitCode[] = [];
    for (const watching of watchings) {
      if (action === "prepare") codes.push(await prepare(watching, words, failOn));
      if (action === "start") codes.push(await start(watching, words, failOn));
      if (action === "status") codes.push(await status(watching, format));
      if (action === "stop") codes.push(await stop(watching, words, format));
    }
    return worstOf(codes);
  },
};

/** In the foreground a watch may live in memory, and be gone with the process. */
async function watchingsOf(action: Action, words: Words, io: Io): Promise<readonly Watching[]> {
  const fleet = await fleetOf(words, io);
  const isPassing =
    fleet.store === undefined && action === "run" && words.has("deploy") && !words.has("once");
  const kept = withStore(isPassing ? { ...fleet, store: memoryStore() } : fleet);
  if (isPassing && wantsAlerts(words)) throw withoutStore();
  const delivery = await deliveryOf(words, io, kept.targets);
  await leaveToDeployment(
    words,
    kept.store,
    kept.targets.map(({ target }) => target),
  );
  const teller = isPassing ? silent : tellerFor(kept.store, words, io, delivery);
  return kept.targets.map((each) => ({ each, fleet: kept, teller, io }));
}

async function status({ each, fleet, io }: Watching, format: WatchFormat): Promise<ExitCode> {
  const there = await newestWatch(fleet.store, each.target);
  if (there === undefined) {
    say(io, printable(`${sayTarget(each.target)}: nobody has begun a watch`));
    say(io, `  pgvigil watch start ${flagsOf(each)} --deploy ID`);
    return exitCodes.unknown;
  }
  print(io, printed(there, format, io));
  if (there.state === "prepared") return exitCodes.healthy;
  return codeOf[pictureOf(there, io.clock()).closing.verdict];
}

async function stop(watching: Watching, words: Words, format: WatchFormat): Promise<ExitCode> {
  const { each, fleet, io } = watching;
  const there = await openWatch(fleet.store, each.target);
  if (there === undefined) {
    say(io, printable(`${sayTarget(each.target)}: no watch is open`));
    return exitCodes.healthy;
  }
  const why = words.text("why");
  const ended = await end(watching, there, {
    because: "stopped",
    by: await byWhom(words, io, fleet.store),
    ...(why === undefined ? {} : { why }),
  });
  print(io, printed(ended.watch, format, io));
  return there.state === "prepared"
    ? exitCodes.healthy
    : codeOf[ended.watch.closing?.verdict ?? "unknown"];
}

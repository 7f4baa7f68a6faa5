import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checks } from "../../checks/index.ts";
import { decode, UnreadableDocument } from "../../core/document.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import { exitCodeOf, exitCodes } from "../../core/exit-code.ts";
import { profileNames } from "../../core/profile.ts";
import { type RunDocument, runSchema } from "../../core/report.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import { formats } from "../../render/index.ts";
import { choose } from "../../run/choose.ts";
import { keepRun } from "../../run/keep-run.ts";
import { replay } from "../../run/replay.ts";
import { checksOfProfile } from "../../service/checks.ts";
import { alertFlags, wantsAlerts, withoutStore } from "../alerts/flags.ts";
import { checkOf } from "../check-of.ts";
import type { Command, Words } from "../command.ts";
import { failOnFlag, failOnOf, targetFlags } from "../flags.ts";
import { fleetOf } from "../fleet.ts";
import { type Io, say } from "../io.ts";
import { outputsOf, present } from "../outputs.ts";
import { runChecks, sameDatabase, type Wish } from "../run-checks.ts";

export const check: Command = {
  name: "check",
  summary: "Look at databases, judge, and tell",
  flags: {
    ...targetFlags,
    profile: {
      type: "text",
      value: "NAME",
      choices: profileNames,
      summary: "The checks of a profile; nightly otherwise",
    },
    only: {
      type: "text",
      value: "ID,ID",
      repeatable: true,
      summary: "These checks alone",
      completes: "check",
    },
    "fail-on": failOnFlag,
    format: {
      type: "text",
      value: "FORMAT[:FILE]",
      repeatable: true,
      choices: formats,
      summary: "How to print, to stdout or a file",
    },
    ...alertFlags,
    evidence: { type: "switch", summary: "Print what was read too, so that it can be replayed" },
    replay: {
      type: "text",
      value: "FILE",
      summary: "Judge a run again from its evidence; no database is asked",
      completes: "file",
    },
  },
  examples: [
    "pgvigil check --url postgres://pgvigil@localhost/shop",
    "pgvigil check --target 'production/*' --format json:run.json --format github",
    "pgvigil check --only indexes/invalid,migrations/dirty",
    "pgvigil check --profile pulse --store .pgvigil --webhook slack:SLACK_URL",
  ],
  async run(words, io) {
    const outputs = outputsOf(words.list("format"));
    const failOn = failOnOf(words);
    const wish = wishOf(words);
    const file = words.text("replay");
    if (file !== undefined && wantsAlerts(words)) {
      throw new UsageError(
        "a run that is judged again is over: nobody is told of it",
        "--replay prints; alerts come of a look.",
      );
    }
    const { document, refusal } =
      file === undefined
        ? await look(words, wish, io)
        : { document: await lookAgain(file, words, io), refusal: undefined };
    await present(document, { outputs, failOn, evidence: words.has("evidence") }, io);
    if (refusal !== undefined) throw refusal.error;
    const same = sameDatabase(document);
    for (const line of same) say(io, `pgvigil: ${line}`);
    if (io.signal.aborted) return exitCodes.interrupted;
    return same.length > 0 ? exitCodes.usage : exitCodeOf(document, failOn);
  },
};

function wishOf(words: Words): Wish {
  const profile = profileNames.find((name) => name === words.text("profile")) ?? "nightly";
  const ids = words.list("only").flatMap((list) => list.split(",").map((id) => id.trim()));
  const wanted = ids.filter((id) => id !== "").map(checkOf);
  const only = wanted.length > 0;
  return { profile, checks: (adds) => (only ? wanted : checksOfProfile(profile, adds)) };
}

interface Look {
  readonly document: RunDocument;
  /** Why it could not be kept or told: no reason not to print what was seen. */
  readonly refusal: { readonly error: unknown } | undefined;
}

async function look(words: Words, wish: Wish, io: Io): Promise<Look> {
  const fleet = await fleetOf(words, io);
  if (fleet.store === undefined && wantsAlerts(words)) throw withoutStore();
  // What tells is a quarter of what a look loads, and most looks tell nobody.
  const delivery = wantsAlerts(words)
    ? await (await import("../alerts/delivery.ts")).deliveryOf(words, io, fleet.targets)
    : undefined;
  if (fleet.store !== undefined) {
    const targets = fleet.targets.map(({ target }) => target);
    const { leaveToDeployment } = await import("../incidents/taken-in.ts");
    await leaveToDeployment(words, fleet.store, targets);
  }
  const document = await runChecks(fleet, wish, io);
  if (fleet.store === undefined || io.signal.aborted) return { document, refusal: undefined };
  try {
    await keepRun(fleet.store, document);
    const { notifyRun } = await import("../incidents/notify-run.ts");
    await notifyRun(document, words, io, delivery);
    return { document, refusal: undefined };
  } catch (error) {
    return { document, refusal: { error } };
  }
}

async function lookAgain(file: string, words: Words, io: Io): Promise<RunDocument> {
  const document = await readRun(file, io);
  // Today's settings hold, where a configuration that is named still knows the target.
  const fleet = words.text("config") === undefined ? undefined : await fleetOf(words, io);
  const settings = (target: Target) =>
    fleet?.targets.find((each) => sayTarget(each.target) === sayTarget(target));
  return replay(document, {
    chosen: (target) =>
      choose(checks, document.run.profile, settings(target)?.levels(document.run.profile) ?? []),
    ignore: (target) => settings(target)?.ignore ?? [],
  });
}

async function readRun(file: string, io: Io): Promise<RunDocument> {
  const body = await readFile(resolve(io.cwd, file)).catch((error: unknown) => {
    throw new UsageError(`cannot read ${file}: ${messageOf(error)}`, "Name a run document.");
  });
  try {
    return await decode(file, body, runSchema);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    throw new UsageError(
      error.message,
      "A run document is what check --evidence --format json:FILE writes, or a file of runs/ in a store.",
    );
  }
}

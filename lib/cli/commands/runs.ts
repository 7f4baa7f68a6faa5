import { UnreadableDocument } from "../../core/document.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { matches } from "../../core/ignore.ts";
import type { Store } from "../../core/ports.ts";
import { printable } from "../../core/printable.ts";
import { profileNames } from "../../core/profile.ts";
import type { RunDocument } from "../../core/report.ts";
import { sayTarget } from "../../core/target.ts";
import { duration } from "../../core/units.ts";
import { formats } from "../../render/index.ts";
import { jsonText } from "../../render/json-text.ts";
import { runLine } from "../../render/run-line.ts";
import { type KeptRun, keptRuns, keptRunsNamed, readRun } from "../../run/kept-runs.ts";
import type { Command, Words } from "../command.ts";
import { incidentFlags } from "../flags.ts";
import { type Io, print, say, wantsColour } from "../io.ts";
import { outputsOf, present } from "../outputs.ts";
import { readConfig, storeOf } from "../read-config.ts";

export const runs: Command = {
  name: "runs",
  summary: "List the runs of a store, newest first, or show one as check prints it",
  description: "Of a folder, or of a deployment's bucket. No database is asked.",
  positionals: [
    { name: "show", summary: "One run, whole", optional: true, choices: ["show"] },
    {
      name: "ID",
      summary: "Of the run: as much of it as is unique, its day at least",
      optional: true,
    },
  ],
  flags: {
    ...incidentFlags,
    profile: {
      type: "text",
      value: "NAME",
      choices: profileNames,
      summary: "Of this profile alone",
    },
    since: {
      type: "text",
      value: "DURATION|TIME",
      summary: "All since then: 24h, 2026-11-20; the newest 20 otherwise",
    },
    format: {
      type: "text",
      value: "FORMAT[:FILE]",
      repeatable: true,
      choices: formats,
      summary: "How to print; a list as text or json",
    },
    evidence: { type: "switch", summary: "show: what was read too" },
  },
  examples: [
    "pgvigil runs --store s3://bucket --target production/orders",
    "pgvigil runs --profile nightly --since 3d --format json",
    "pgvigil runs show 20261120T030000Z-production=5f2c9a01-nightly-0 --format markdown",
  ],
  async run(words, io) {
    const store = await storeOf(await readConfig(words, io), words, io);
    if (store === undefined) {
      throw new UsageError(
        "runs are kept in a store, and none is named",
        "--store DIR, --store s3://bucket, or store: in the configuration",
      );
    }
    return words.positionals.length > 0 ? show(store, words, io) : list(store, words, io);
  },
};

const usually = 20;
/** Documents read at once. */
const width = 16;

async function list(store: Store, words: Words, io: Io): Promise<number> {
  const format = words.text("format") ?? "text";
  if (format !== "text" && format !== "json") {
    throw new UsageError(`--format ${format}: a list is text or json`, "pgvigil runs show ID");
  }
  const now = io.clock();
  const since = sinceOf(words.text("since"), now);
  const isWanted = wantedBy(words);
  const found: RunDocument[] = [];
  let damaged = 0;
  const look = async (batch: readonly KeptRun[]): Promise<void> => {
    const documents = await Promise.all(batch.map((kept) => readOrSay(store, kept, io)));
    for (const document of documents) {
      if (document === "damaged") damaged += 1;
      else if (document !== undefined && isWanted.run(document)) found.push(document);
    }
  };
  const batch: KeptRun[] = [];
  for await (const kept of keptRuns(store, profilesOf(words), now)) {
    if (since !== undefined && kept.at < since) break;
    if (since === undefined && found.length >= usually) break;
    if (!isWanted.kept(kept)) continue;
    batch.push(kept);
    if (batch.length === width) await look(batch.splice(0));
  }
  await look(batch);
  const shown = since === undefined ? found.slice(0, usually) : found;
  if (format === "json") {
    print(io, jsonText(shown.map(asRow)));
  } else {
    const colour = wantsColour(io, "stdout");
    for (const document of shown) print(io, runLine(document, colour));
    if (shown.length === 0) say(io, `no such run in ${store.place}`);
  }
  return damaged > 0 && shown.length === 0 ? exitCodes.unknown : exitCodes.healthy;
}

const profilesOf = (words: Words) =>
  profileNames.filter((name) => (words.text("profile") ?? name) === name);

/** One damaged run does not hide the others. */
async function readOrSay(store: Store, { key }: KeptRun, io: Io) {
  try {
    return await readRun(store, key);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    say(io, printable(`pgvigil: ${messageOf(error)}`));
    return "damaged";
  }
}

/** By its key, which spares reading most of them, and then by what is in it. */
function wantedBy(words: Words) {
  const patterns = words.list("target");
  const environment = words.text("environment");
  const prefixes = patterns.flatMap((each) =>
    each.includes("/") ? [each.split("/")[0] ?? ""] : [],
  );
  const fits = (target: { readonly environment: string; readonly name: string }) =>
    (environment === undefined || matches(environment, target.environment)) &&
    (patterns.length === 0 ||
      patterns.some((each) => matches(each, each.includes("/") ? sayTarget(target) : target.name)));
  return {
    kept: (run: KeptRun) =>
      run.environment === undefined ||
      ((environment === undefined || matches(environment, run.environment)) &&
        (prefixes.length < patterns.length ||
          patterns.length === 0 ||
          prefixes.some((each) => matches(each, run.environment ?? "")))),
    run: ({ reports }: RunDocument) =>
      (patterns.length === 0 && environment === undefined) ||
      reports.some(({ target }) => fits(target)),
  };
}

function sinceOf(text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined;
  const seconds = duration.safeParse(text).data;
  if (seconds !== undefined) return new Date(now.getTime() - seconds * 1000).toISOString();
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new UsageError(
    `--since ${text}: neither a duration nor a time`,
    "--since 24h, --since 2026-11-20, --since 2026-11-20T03:00:00Z",
  );
}

const asRow = ({ run, reports }: RunDocument) => ({
  ...run,
  targets: reports.map(({ target, verdict, counts }) => ({
    target: sayTarget(target),
    verdict,
    counts,
  })),
});

async function show(store: Store, words: Words, io: Io): Promise<number> {
  const [, id] = words.positionals;
  if (id === undefined) throw new UsageError("which run?", "pgvigil runs show ID; pgvigil runs");
  const outputs = outputsOf(words.list("format"));
  const { key } = await meant(store, id, words);
  const document = await readRun(store, key);
  if (document === undefined) throw new UsageError(`${id} is gone by now`, "pgvigil runs");
  await present(document, { outputs, failOn: "warning", evidence: words.has("evidence") }, io);
  return exitCodes.healthy;
}

/** @throws UsageError where no run is meant, or several */
async function meant(store: Store, id: string, words: Words): Promise<KeptRun> {
  const listed = await keptRunsNamed(store, profilesOf(words), id);
  const whole = listed.filter((each) => each.id === id);
  const found = whole.length > 0 ? whole : listed;
  const [first, second] = found;
  if (first === undefined) {
    throw new UsageError(`there is no run ${id} in ${store.place}`, "pgvigil runs lists them.");
  }
  if (second === undefined) return first;
  const several = found.slice(0, 5).map((each) => each.id);
  throw new UsageError(`${id} fits several runs: ${several.join(", ")}`, "Say more of it.");
}

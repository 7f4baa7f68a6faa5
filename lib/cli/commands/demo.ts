import { setTimeout as sleep } from "node:timers/promises";
import { type Breakage, breakages } from "../../adapters/local/demo/breakages.ts";
import { migrations } from "../../adapters/local/demo/shop.ts";
import { openShop, type Stage, setStage } from "../../adapters/local/demo/stage.ts";
import { memoryStore } from "../../adapters/local/memory-store.ts";
import { clientConfigOf } from "../../adapters/postgres/config.ts";
import { checks } from "../../checks/index.ts";
import { roleScript } from "../../checks/reads/role-sql.ts";
import { defaultLimits } from "../../config/limits.ts";
import { exitCodes } from "../../core/exit-code.ts";
import type { Store } from "../../core/ports.ts";
import type { RunDocument } from "../../core/report.ts";
import { keepRun } from "../../run/keep-run.ts";
import { seal } from "../../schema/baseline.ts";
import type { Command } from "../command.ts";
import type { Fleet, FleetTarget } from "../fleet.ts";
import { type Io, say } from "../io.ts";
import { openPlainly } from "../login.ts";
import { present } from "../outputs.ts";
import { runChecks } from "../run-checks.ts";
import { sealable } from "../snapshots.ts";
import { typedUrl } from "../typed.ts";

export const demo: Command = {
  name: "demo",
  summary: "Build a small shop on an embedded PostgreSQL, break it in every way, and look at it",
  flags: {},
  async run(_words, io) {
    say(io, "An embedded PostgreSQL starts: private, on a free port, thrown away at the end.");
    await using stage = await setStage();
    await stage.sql(roleScript(role, database, 1));
    await openShop(stage);
    await stage.sql(roleScript(role, database, 2)); // now that there are key columns to grant
    const { version } = stage.server;
    say(
      io,
      `PostgreSQL ${version}: a shop is built, ${migrations.length} migrations are applied.\n`,
    );
    const store = memoryStore();
    const target = await targetOn(stage);

    say(io, `$ pgvigil seal --why "as reviewed"`);
    const { snapshot, migrations: heads } = await sealable(target, io);
    const { checksum } = await seal(store, target.target, snapshot, {
      by: "demo",
      why: "as reviewed",
      now: io.clock(),
      migrations: heads,
    });
    say(io, `sealed ${checksum}\n\n$ pgvigil check`);
    await look(target, store, io);

    say(io, "\nNow it is broken, in every way that the checks know:");
    const applied = breakages.filter(({ minMajor = 0 }) => stage.server.major >= minMajor);
    for (const { title, apply } of applied) {
      say(io, `  - ${title}`);
      await apply(stage);
    }
    await sleep(patience);

    say(io, "\n$ pgvigil check");
    const run = await look(target, store, io);
    const missed = unnoticed(run, applied);
    say(io, missed.length === 0 ? everyOne : `\nNot noticed: ${missed.join(", ")}`);
    return missed.length === 0 ? exitCodes.healthy : exitCodes.unknown;
  },
};

const role = "pgvigil";
const database = "shop";

/** Milliseconds after which the demo's waits are long. */
const patience = 2500;

const soon = { warning: "1s", critical: "1min" };

/** Nobody watches a demo for five minutes: what counts as long is turned down to a second. */
const impatient = {
  "activity/long-transaction": { warning: "1s" },
  "activity/idle-in-transaction": soon,
  "activity/prepared-transaction": soon,
  "activity/oldest-xmin": soon,
  "locks/blocking-chain": soon,
};

const everyOne = `
Every one was noticed. (What counts as long was turned down to a second for the demo.)
Your own database: npm run -s pgvigil -- check --url postgres://user@host/database`;

async function targetOn(stage: Stage): Promise<FleetTarget> {
  const connection = clientConfigOf({ url: stage.url, env: {} });
  return {
    target: { environment: "demo", name: database },
    typed: { url: typedUrl(stage.url, {}) },
    connection,
    open: openPlainly(connection),
    levels: () => [impatient],
    ignore: [],
    limits: defaultLimits,
  };
}

async function look(target: FleetTarget, store: Store, io: Io): Promise<RunDocument> {
  const fleet: Fleet = {
    targets: [target],
    environments: [],
    limits: defaultLimits,
    store,
    adds: () => false,
    configFile: undefined,
  };
  const run = await runChecks(fleet, { profile: "nightly", checks: () => checks }, io);
  await keepRun(store, run);
  await present(
    run,
    { outputs: [{ format: "text", file: undefined }], failOn: "warning", evidence: false },
    io,
  );
  return run;
}

/** The checks that should have found something and did not. */
function unnoticed({ reports }: RunDocument, applied: readonly Breakage[]): readonly string[] {
  const outcomes = reports.flatMap((report) => report.outcomes);
  const found = outcomes.filter(({ findings }) => findings.length > 0).map(({ check }) => check);
  return applied.flatMap(({ noticedBy }) => noticedBy.filter((check) => !found.includes(check)));
}

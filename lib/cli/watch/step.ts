import { Interrupted } from "../../core/errors.ts";
import type { RunDocument } from "../../core/report.ts";
import type { Watch } from "../../core/watch.ts";
import { keepRun } from "../../run/keep-run.ts";
import { checksOf, type Place } from "../../service/watch/checks.ts";
import { end as endOf } from "../../service/watch/end.ts";
import { type Due, due } from "../../watch/due.ts";
import { keepBefore, keepLook, openWatch } from "../../watch/keep.ts";
import type { Ending } from "../../watch/verdict.ts";
import type { FleetTarget } from "../fleet.ts";
import type { Io } from "../io.ts";
import { runChecks } from "../run-checks.ts";
import type { WatchFleet } from "./store.ts";
import type { Teller } from "./teller.ts";

/** Who is watched, where it is kept, and who is told. */
export interface Watching {
  readonly each: FleetTarget;
  readonly fleet: WatchFleet;
  readonly teller: Teller;
  readonly io: Io;
}

export interface Step {
  readonly watch: Watch;
  readonly due: Due;
  /** The run of the look that was due. */
  readonly run?: RunDocument;
  /** What came of sealing, where a healthy end seals. */
  readonly sealed?: string | undefined;
}

/** Does what is due now: a look, the end, or nothing. Nothing is open: nothing comes back. */
export async function step(watching: Watching): Promise<Step | undefined> {
  const { each, fleet, io } = watching;
  const watch = await openWatch(fleet.store, each.target);
  if (watch === undefined) return undefined;
  const what = due(watch, io.clock());
  if (what.is === "look") {
    const { run, report } = await lookOnce(watching, what.place);
    // First, so that whoever dies in between looks again, and tells what then is to be told.
    const told = watching.teller.tellRun(run);
    await told.catch(() => undefined);
    const now = await keepLook(fleet.store, watch, { run: run.run, report });
    await told;
    return { watch: now, due: what, run };
  }
  if (what.is !== "closing") return { watch, due: what };
  return { due: what, ...(await end(watching, watch, { because: what.because })) };
}

/** The look before the deployment, for a watch that is prepared. */
export async function lookBefore(watching: Watching, watch: Watch): Promise<Step> {
  const { run, report } = await lookOnce(watching, "before");
  const now = await keepBefore(watching.fleet.store, watch, { run: run.run, report });
  await watching.teller.tellRun(run);
  return { watch: now, due: { is: "prepared" }, run };
}

/** Ends a watch, and says so to whoever waits for it. */
export const end = ({ each, fleet, io, teller }: Watching, watch: Watch, ending: Ending) =>
  endOf(watch, ending, {
    store: fleet.store,
    now: io.clock(),
    seals: each.sealsHealthyWatch === true,
    tellVerdict: teller.tellVerdict,
  });

async function lookOnce({ each, fleet, io }: Watching, place: Place) {
  const wish = {
    profile: "watch" as const,
    checks: checksOf(place),
    trigger: place === "before" ? ("deploy" as const) : ("schedule" as const),
  };
  const run = await runChecks({ ...fleet, targets: [each] }, wish, quiet(io));
  const [report] = run.reports;
  // Half a look would be kept as a whole one.
  if (io.signal.aborted || report === undefined) throw new Interrupted("interrupted");
  await keepRun(fleet.store, run);
  return { run, report };
}

/** A run's own progress would draw over the screen of the watch. */
const quiet = (io: Io): Io => ({ ...io, isTerminal: { ...io.isTerminal, stderr: false } });

import { type ExaminedTarget, examinedTargets } from "../../config/examined.ts";
import type { Config } from "../../config/schema.ts";
import { targetsOf } from "../../config/targets.ts";
import { UnreadableDocument } from "../../core/document.ts";
import type { Store } from "../../core/ports.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import { sayDuration } from "../../core/units.ts";
import { loadCalm, looksOf } from "../../incidents/calm.ts";
import type { IncidentDocument } from "../../incidents/document.ts";
import { isExpectedDown, stoppedUntil } from "../../incidents/policy.ts";
import { loadIncidents } from "../../incidents/stored.ts";
import { lastLooks } from "../../run/memory.ts";
import { policiesOf } from "../../service/policies.ts";
import { rhythmOf } from "../../service/rhythm.ts";
import type { Line } from "./line.ts";

const profiles = ["pulse", "hourly", "nightly"] as const;

/** How old the newest look of each profile at each target is, against its rhythm. */
export async function looks(
  config: Config,
  { store, since, now }: { readonly store: Store; readonly since: string; readonly now: Date },
): Promise<readonly Line[]> {
  const policyOf = await policiesOf(config, store);
  const calm = await loadCalm(store);
  return Promise.all(
    looked(config).map(async (each): Promise<Line> => {
      const last = await written(store, each.target).catch(unreadable);
      if (typeof last === "string") {
        return { area: "look", name: sayTarget(each.target), state: "unknown", detail: last };
      }
      const policy = policyOf(each.target);
      // Nobody is late who began a moment ago, or slept until then.
      const from = Math.max(Date.parse(since), stoppedUntil(policy, now));
      const sleeps = each.pausable || isExpectedDown(policy, now);
      // A calm look stands in its run alone.
      const seen = looksOf(last, calm.seen[sayTarget(each.target)]);
      return lineOf(each, seen, { config, from, now, sleeps });
    }),
  );
}

/** The newest look a profile: what found nothing to remember stands with the incidents alone. */
async function written(store: Store, target: Target): Promise<IncidentDocument["profiles"]> {
  const remembered = await lastLooks(store, target);
  const taken: Readonly<Record<string, string>> = {
    ...(await loadIncidents(store, target))?.profiles,
  };
  const newest = Object.entries(taken).filter(([profile, at]) => at > (remembered[profile] ?? ""));
  return { ...remembered, ...Object.fromEntries(newest) };
}

/** A hub's targets are looked at by its collectors, and are in its bucket all the same. */
const looked = (config: Config): readonly ExaminedTarget[] =>
  config.aws?.mode === "hub"
    ? targetsOf(config).map((each) => ({ ...each, network: "its collector" }))
    : examinedTargets(config);

function unreadable(error: unknown): string {
  if (error instanceof UnreadableDocument) return error.message;
  throw error;
}

interface Moment {
  readonly config: Config;
  readonly from: number;
  readonly now: Date;
  readonly sleeps: boolean;
}

function lineOf(
  { target, network }: ExaminedTarget,
  last: ReturnType<typeof looksOf>,
  { config, from, now, sleeps }: Moment,
): Line {
  const said = profiles.map((profile) => {
    const at = last[profile];
    const age = now.getTime() - Math.max(from, at === undefined ? 0 : Date.parse(at));
    const late = age - 2 * rhythmOf(config, profile, now);
    const ago = at === undefined ? "never" : `${sayDuration((+now - Date.parse(at)) / 1000)} ago`;
    return { text: `${profile} ${ago}`, isLate: late > 0, isNever: at === undefined };
  });
  const line = {
    ...{ area: "look", name: sayTarget(target) },
    detail: said.map(({ text }) => text).join(", "),
  };
  if (sleeps) return { ...line, state: "ok", detail: `${line.detail} (it may sleep)` };
  if (said.every(({ isLate }) => !isLate)) return { ...line, state: "ok" };
  const isUnknown = said.every(({ isNever }) => isNever);
  return {
    ...line,
    state: "critical",
    detail: isUnknown ? "nobody has ever looked at it" : `late: ${line.detail}`,
    cure: `pgvigil deploy-status --probe tries the way from inside; the log of the functions in ${network} says the rest.`,
  };
}

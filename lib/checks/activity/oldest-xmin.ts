import * as z from "zod";
import {
  type Holder,
  holdersIn,
  isKnown,
  sight,
  sightingsSchema,
} from "../../core/activity/holders.ts";
import { emptyPicture } from "../../core/activity/picture.ts";
import { hiddenSessions, isBackup } from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import { severityOf } from "../../core/severity.ts";
import { count, duration } from "../../core/units.ts";
import { activity } from "../reads/activity.ts";
import { horizons } from "../reads/horizons.ts";
import { oldestXminExamples } from "./oldest-xmin/examples.ts";
import { horizonFinding } from "./oldest-xmin/finding.ts";

export const activityOldestXmin = defineCheck({
  id: "activity/oldest-xmin",
  title: "Nobody holds back VACUUM for long",
  failureTitle: "VACUUM is held back",
  why: "Rows that died since cannot be removed: tables and indexes grow, queries slow down, and the distance to transaction ID wraparound shrinks.",
  source:
    "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND (the hints there name the three holders)",
  options: z.object({
    warning: duration.prefault("1h").describe("The oldest horizon is held for so long"),
    critical: duration.prefault("24h"),
    backup: duration.prefault("4h").describe("A warning of pg_dump, which is meant to take long"),
    slack: z
      .int()
      .min(0)
      .default(1000)
      .describe("A slot or standby no more transactions behind than this is at rest, not late"),
  }),
  profiles: ["hourly", "nightly", "watch"],
  live: true,
  isRefresh: (memory, standing, now) => {
    const [fresh, kept] = [memory, standing].map((each) => sightingsSchema.safeParse(each).data);
    return fresh !== undefined && isKnown(fresh, kept ?? {}, now);
  },
  needs: { privilege: "pg_monitor" },
  reads: { activity, horizons },

  judge({ activity: [picture = emptyPicture], horizons }, options, { now, server, previous }) {
    const holders = holdersIn(picture, horizons);
    const before = sightingsSchema.safeParse(previous?.memory).data ?? {};
    const sightings = sight(holders, before, now);
    const seen = holders
      .filter((holder) => !isAtRest(holder, options.slack))
      .map((holder) => {
        const since = Date.parse(sightings[holder.key]?.since ?? now.toISOString());
        const watched = (now.getTime() - since) / 1000;
        return {
          holder,
          seconds: Math.max(holder.known, watched),
          isAtLeast: watched > holder.known,
        };
      });
    const findings = [false, true].flatMap((isCatalogOnly) => {
      const late = seen
        .filter(({ holder }) => holder.isCatalogOnly === isCatalogOnly)
        .filter(
          ({ holder, seconds }) => seconds >= (isDump(holder) ? options.backup : options.warning),
        )
        .sort((a, b) => b.holder.age - a.holder.age || b.seconds - a.seconds);
      const [oldest, ...others] = late;
      if (oldest === undefined) return [];
      const severity = severityOf(oldest.seconds, options) ?? "warning";
      const next = others.map(({ holder }) => holder);
      return [horizonFinding(oldest, next, severity, server?.database ?? "its database")];
    });
    const unseen = horizons.filter(({ isVisible }) => !isVisible).length;
    return {
      scope: count(holders.length, "holder of a horizon", "holders of a horizon"),
      findings: withoutRepeats(findings),
      // A walsender belongs to no database: it is not among the sessions of this one.
      blind: hiddenSessions(
        { sessions: picture.sessions + unseen, hidden: picture.hidden + unseen },
        server?.role,
      ),
      memory: sightings,
    };
  },

  examples: oldestXminExamples,
});

const isDump = ({ what }: Holder): boolean => what.kind === "session" && isBackup(what.backend);

/** A slot holds something as long as it is there; on a quiet server that something stands still. */
const isAtRest = ({ what, age }: Holder, slack: number): boolean =>
  (what.kind === "replication slot" || what.kind === "standby") && age <= slack;

/** A slot that holds both horizons back is told of once, for the worse one. */
const withoutRepeats = <T extends { readonly object: { readonly identity: string } }>(
  findings: readonly T[],
): readonly T[] => [...new Map(findings.toReversed().map((f) => [f.object.identity, f])).values()];

import * as z from "zod";
import { endPrepared } from "../../core/activity/end-session.ts";
import { emptyPicture, type Prepared } from "../../core/activity/picture.ts";
import { waitsIn } from "../../core/activity/waits.ts";
import { byName, mostShown, sayHeld } from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import { type Severity, severityOf } from "../../core/severity.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import { activity } from "../reads/activity.ts";
import { examplePicture, examplePrepared } from "../reads/example-activity.ts";

export const activityPreparedTransaction = defineCheck({
  id: "activity/prepared-transaction",
  title: "No prepared transaction was left behind",
  failureTitle: "Prepared transaction that nobody ends",
  why: "It belongs to no session: it outlives its client and even a restart, and keeps its locks and its snapshot until somebody commits it or rolls it back.",
  source: "https://www.postgresql.org/docs/current/sql-prepare-transaction.html",
  options: z.object({
    warning: duration.prefault("1min").describe("Prepared so long ago"),
    critical: duration.prefault("10min"),
  }),
  profiles: ["pulse", "nightly", "watch"],
  needs: { on: "primary" },
  live: true,
  reads: { activity },

  judge({ activity: [picture = emptyPicture] }, options, { server }) {
    const waits = waitsIn(picture);
    const waitersOf = ({ gid }: Prepared) =>
      waits.filter(({ blockers }) => blockers.some(({ party }) => party.key === `prepared ${gid}`))
        .length;
    return {
      scope: count(picture.prepared.length, "prepared transaction"),
      findings: byName(
        picture.prepared,
        ({ owner }) => owner,
        ({ age }) => age,
      ).flatMap(({ name, oldest, all }) => {
        const severity = severityOf(oldest.age, options);
        if (severity === undefined) return [];
        const late = all.filter(({ age }) => age >= options.warning);
        const waiting = late.reduce((sum, each) => sum + waitersOf(each), 0);
        return [finding(name, oldest, late, waiting, severity, server?.database ?? "its database")];
      }),
    };
  },

  examples: [
    {
      name: "a transaction manager at work",
      evidence: {
        activity: [{ ...examplePicture(), prepared: [examplePrepared({ age: 2 })] }],
      },
      finds: [],
    },
    {
      name: "a transaction manager that is slow, or gone",
      evidence: {
        activity: [{ ...examplePicture(), prepared: [examplePrepared({ age: 90 })] }],
      },
      finds: ["warning prepared transactions of billing"],
    },
    {
      name: "left behind by a transaction manager that forgot",
      evidence: {
        activity: [
          {
            ...examplePicture(),
            prepared: [examplePrepared(), examplePrepared({ gid: "payment-batch-2", age: 5 })],
          },
        ],
      },
      finds: ["critical prepared transactions of billing"],
    },
  ],
});

const finding = (
  owner: string,
  oldest: Prepared,
  all: readonly Prepared[],
  waiting: number,
  severity: Severity,
  database: string,
) => ({
  // A transaction manager gives each a new gid: by that name every one would be a new finding.
  object: {
    kind: "prepared transaction",
    name: owner,
    identity: `prepared transactions of ${owner}`,
  },
  severity,
  summary:
    all.length === 1
      ? `Prepared transaction ${oldest.gid} of ${owner} open for ${sayDuration(oldest.age)}: neither committed nor rolled back`
      : `${all.length} prepared transactions of ${owner} open, the oldest for ${sayDuration(oldest.age)} (${oldest.gid}): neither committed nor rolled back`,
  detail: [
    ...sayHeld(oldest.held),
    ...(waiting === 0 ? [] : [`${count(waiting, "session waits", "sessions wait")} for it.`]),
  ],
  evidence: {
    role: owner,
    count: all.length,
    seconds: Math.round(oldest.age),
    waiting,
    transactions: all
      .slice(0, mostShown)
      .map(({ gid, preparedAt, xid, xidAge, held }) => ({ gid, preparedAt, xid, xidAge, held })),
  },
  remedy: endPrepared(all, database),
  measure: { value: Math.round(oldest.age), unit: "seconds" as const, of: "prepared" },
});

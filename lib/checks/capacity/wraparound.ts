import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { type Severity, severityOf } from "../../core/severity.ts";
import { sayShare, share } from "../../core/units.ts";
import { type FreezeAge, freezeAges } from "../reads/freeze-ages.ts";

export const capacityWraparound = defineCheck({
  id: "capacity/wraparound",
  title: "Transaction and multixact ids are far from their end",
  failureTitle: "Transaction or multixact ids are running out",
  why: "Where vacuum cannot freeze old rows in time, PostgreSQL stops every write of the whole server.",
  source:
    "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND; src/backend/access/transam/varsup.c, multixact.c",
  options: z.object({
    warning: share.prefault("50%").describe("Share of the ids that there are until writes stop"),
    critical: share.prefault("80%").describe("The same, when it cannot wait"),
  }),
  profiles: ["hourly", "nightly", "watch"],
  reads: { ages: freezeAges },

  judge: ({ ages }, options) => ({
    scope: say(ages),
    // The other databases on the list are the server's oldest: where they end, this one ends too.
    findings: ages.flatMap((age) => {
      const severity = severityOf(worstOf(age).used, options);
      return severity === undefined ? [] : [found(age, severity)];
    }),
  }),

  examples: [
    {
      name: "autovacuum freezes as it should",
      evidence: { ages: [example({ xidAge: 180_000_000, mxidAge: 3_000_000 })] },
      finds: [],
    },
    {
      name: "half of the transaction ids are used",
      evidence: { ages: [example({ xidAge: 1_100_000_000 })] },
      finds: ["warning shop"],
    },
    {
      name: "writes stop soon",
      evidence: { ages: [example({ xidAge: 1_750_000_000 })] },
      finds: ["critical shop"],
    },
    {
      name: "multixact ids, which shared row locks use up",
      evidence: { ages: [example({ xidAge: 150_000_000, mxidAge: 1_800_000_000 })] },
      finds: ["critical shop"],
    },
    {
      name: "another database of the server, which stops this one too",
      evidence: {
        ages: [
          example({ xidAge: 150_000_000 }),
          example({ name: "legacy", identity: "legacy", isHere: false, xidAge: 1_200_000_000 }),
        ],
      },
      finds: ["warning legacy"],
    },
  ],
});

/** Both counters wrap at 2^31 and stop 3 million before (1 million and 100 in 13). */
const stop = 2 ** 31 - 3_000_000;

function example(of: Partial<FreezeAge>): FreezeAge {
  const table = { table: "public.orders", isToast: false, isTemporary: false };
  return {
    ...{ name: "shop", identity: "shop", isHere: true, xidAge: 0, mxidAge: 0, ...of },
    tables:
      of.isHere === false
        ? []
        : [
            { counter: "xid", ...table, age: of.xidAge ?? 0 },
            { counter: "mxid", ...table, age: of.mxidAge ?? 0 },
          ],
  };
}

type Counter = FreezeAge["tables"][number]["counter"];

function worstOf({ xidAge, mxidAge }: FreezeAge) {
  const counter: Counter = mxidAge > xidAge ? "mxid" : "xid";
  const age = Math.max(xidAge, mxidAge);
  return { counter, age, used: age / stop };
}

const wordOf = { xid: "transaction ids", mxid: "multixact ids" } as const;

const say = (ages: readonly FreezeAge[]): string => {
  const [here, ...older] = ages;
  if (here === undefined) return "no answer";
  const oldest = older.map(({ name }) => name).join(", ");
  return (
    `${sayShare(here.xidAge / stop)} of transaction ids, ` +
    `${sayShare(here.mxidAge / stop)} of multixact ids used` +
    (oldest === "" ? "" : `; oldest of the server: ${oldest}`)
  );
};

function found(age: FreezeAge, severity: Severity): FindingDraft {
  const { counter, age: worst, used } = worstOf(age);
  const tables = age.tables.filter((table) => table.counter === counter);
  const left = Math.max(0, stop - worst);
  return {
    object: { kind: "database", name: age.name, identity: age.identity },
    severity,
    summary:
      `Database ${age.identity} has used ${sayShare(used)} of its ${wordOf[counter]}: ` +
      `${left.toLocaleString("en-US")} are left`,
    detail: [
      age.isHere
        ? "When they are used up, every write of this server fails until VACUUM has frozen the oldest tables."
        : "It is another database of this server, but when its ids are used up, writes fail in this one too.",
      ...(tables.length === 0 ? [] : [`Oldest tables: ${tables.map(sayTable).join(", ")}.`]),
      "A long transaction, a prepared one or a replication slot may hold VACUUM back: see activity/oldest-xmin first.",
    ],
    evidence: {
      ...{ xidAge: age.xidAge, mxidAge: age.mxidAge, writesStopAt: stop },
      tables: [...age.tables],
    },
    measure: { value: Math.min(1, used), unit: "share", of: `${wordOf[counter]} used` },
    remedy: {
      summary:
        "End what holds VACUUM back, then freeze the oldest tables; autovacuum goes on with the rest.",
      sql: remedySql(age, tables),
      lock: "SHARE UPDATE EXCLUSIVE: reads and writes go on, DDL on the table waits",
    },
  };
}

function sayTable({ table, age, isTemporary, isToast }: FreezeAge["tables"][number]): string {
  const words = [age.toLocaleString("en-US")];
  if (isToast) words.push("in its TOAST table");
  if (isTemporary) words.push("temporary: only its own session can vacuum it");
  return `${table} (${words.join(", ")})`;
}

function remedySql({ isHere }: FreezeAge, tables: FreezeAge["tables"]): string {
  // No name in a comment: a line break in it would end the comment.
  if (!isHere) return "-- Connected to that database:\nVACUUM (FREEZE, VERBOSE);";
  const names = new Set(tables.filter((t) => !t.isTemporary).map(({ table }) => table));
  if (names.size === 0) return "VACUUM (FREEZE, VERBOSE);";
  return [...names].map((table) => `VACUUM (FREEZE, VERBOSE) ${table};`).join("\n");
}

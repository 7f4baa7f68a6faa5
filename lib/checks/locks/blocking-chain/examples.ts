import type { Backend, Contended, Picture } from "../../../core/activity/picture.ts";
import { exampleBackend, examplePicture, examplePrepared } from "../../reads/example-activity.ts";

const row = "(tuple,16384,16400,0,2)";

/** The one in front holds the row's lock and waits for its owner's transaction to end. */
const contended = (pid: number, changes: Partial<Contended>): Contended => ({
  tag: row,
  type: "tuple",
  table: "public.invoices",
  pid,
  gid: null,
  mode: "ExclusiveLock",
  isGranted: false,
  waited: null,
  ...changes,
});

const ofRoot = { tag: "(transactionid,901234)", type: "transactionid", table: null } as const;
const table = { tag: "(relation,16384,16400)", type: "relation" } as const;

const waiter = (pid: number, blockedBy: readonly number[], changes: Partial<Backend> = {}) =>
  exampleBackend({
    pid,
    application: "shop",
    role: "shop",
    state: "active",
    xactAge: 40,
    queryAge: 40,
    stateAge: 40,
    blockedBy: [...blockedBy],
    ...changes,
  });

const rowFight = (waited: readonly number[]): Picture => ({
  ...examplePicture(
    exampleBackend(),
    ...waited.map((_, i) => waiter(101 + i, i === 0 ? [48_211] : [101])),
  ),
  contended: [
    contended(48_211, { ...ofRoot, isGranted: true }),
    contended(101, { ...ofRoot, mode: "ShareLock", waited: waited[0] ?? 0 }),
    contended(101, { isGranted: true }),
    ...waited.slice(1).map((seconds, i) => contended(102 + i, { waited: seconds })),
  ],
});

/** A report reads, an ALTER waits for it, and all others wait for the ALTER. */
const queue = (seconds: number): Picture => ({
  ...examplePicture(
    exampleBackend({ application: "reports", state: "active", xactAge: 20 }),
    waiter(101, [48_211], {
      application: "migrate",
      statement: "ALTER TABLE invoices ADD note text",
    }),
    waiter(102, [101]),
  ),
  contended: [
    contended(48_211, { ...table, mode: "AccessShareLock", isGranted: true }),
    contended(101, { ...table, mode: "AccessExclusiveLock", waited: seconds }),
    contended(102, { ...table, mode: "AccessShareLock", waited: seconds - 1 }),
  ],
});

const hiddenWait: Picture = {
  ...rowFight([0]),
  sessions: 2,
  hidden: 2,
  backends: rowFight([0]).backends.map((backend) => ({
    ...backend,
    isVisible: false,
    queryAge: null,
    xactAge: null,
  })),
  contended: rowFight([0]).contended.map((lock) => ({ ...lock, waited: null })),
};

export const blockingExamples = [
  { name: "nobody waits", evidence: { activity: [examplePicture(exampleBackend())] }, finds: [] },
  {
    name: "a hot row: everybody waits, nobody long",
    evidence: { activity: [rowFight([0.02, 0.4, 1.2, 0.3])] },
    finds: [],
  },
  {
    name: "one session waits for a row since half a minute",
    evidence: { activity: [rowFight([31])] },
    finds: ["warning billing (billing-worker) on public.invoices"],
  },
  {
    name: "three sessions wait for one row, each for ten seconds",
    evidence: { activity: [rowFight([14, 12, 11])] },
    finds: ["critical billing (billing-worker) on public.invoices"],
  },
  {
    name: "an ALTER TABLE waits for a report, and another session queues behind it",
    evidence: { activity: [queue(6)] },
    finds: ["warning billing (reports) on public.invoices"],
  },
  {
    name: "a prepared transaction that nobody ends",
    evidence: {
      activity: [
        {
          ...examplePicture(waiter(101, [0])),
          prepared: [examplePrepared()],
          contended: [
            contended(0, { ...ofRoot, gid: "payment-batch", isGranted: true }),
            contended(101, { ...ofRoot, mode: "ShareLock", waited: 400 }),
          ],
        },
      ],
    },
    finds: ["critical prepared transactions of billing on public.invoices"],
  },
  {
    name: "PostgreSQL 13 does not say since when, and other roles' sessions cannot be seen",
    evidence: { activity: [hiddenWait] },
    server: { version: "13.23", versionNum: 130_023, readsAllStats: false },
    finds: [],
    blind: "privilege" as const,
  },
];

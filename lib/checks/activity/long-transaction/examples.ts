import { exampleBackend, examplePicture } from "../../reads/example-activity.ts";

/** A report that takes five minutes, and what stands in its way. */
const report = exampleBackend({
  application: "reports",
  state: "active",
  statement: "SELECT sum(total) FROM invoices",
  waitEvent: null,
  xactAge: 300,
  queryAge: 300,
  stateAge: 300,
  xid: null,
  xidAge: null,
  xmin: "901000",
  xminAge: 246,
  held: [{ table: "public.invoices", mode: "AccessShareLock" }],
});

const migration = exampleBackend({
  pid: 48_300,
  application: "migrate",
  state: "active",
  statement: "ALTER TABLE invoices ADD COLUMN note text",
  xactAge: 12,
  queryAge: 12,
  stateAge: 12,
  blockedBy: [48_211],
  held: [],
});

const onInvoices = {
  tag: "(relation,16384,16400)",
  type: "relation",
  table: "public.invoices",
  gid: null,
};

export const longTransactionExamples = [
  {
    name: "short transactions",
    evidence: { activity: [examplePicture(exampleBackend({ xactAge: 0.2 }))] },
    finds: [],
  },
  {
    name: "a report that takes five minutes and harms nobody",
    evidence: { activity: [examplePicture(report)] },
    finds: ["warning billing (reports)"],
  },
  {
    name: "the same, and a migration waits for it",
    evidence: {
      activity: [
        {
          ...examplePicture(report, migration),
          contended: [
            { ...onInvoices, pid: 48_211, mode: "AccessShareLock", isGranted: true, waited: null },
            {
              ...onInvoices,
              pid: 48_300,
              mode: "AccessExclusiveLock",
              isGranted: false,
              waited: 11.5,
            },
          ],
        },
      ],
    },
    finds: ["critical billing (reports)"],
  },
  {
    name: "left open with a lock that keeps everybody out",
    evidence: {
      activity: [
        examplePicture(
          exampleBackend({
            xactAge: 70,
            stateAge: 65,
            held: [{ table: "public.invoices", mode: "AccessExclusiveLock" }],
          }),
        ),
      ],
    },
    finds: ["critical billing (billing-worker)"],
  },
  {
    name: "a nightly load at work in the table that it emptied, for which nobody waits",
    evidence: {
      activity: [
        examplePicture({
          ...report,
          ...{ application: "airflow", statement: "INSERT INTO staging SELECT $1" },
          held: [{ table: "public.staging", mode: "AccessExclusiveLock" }],
        }),
      ],
    },
    finds: ["warning billing (airflow)"],
  },
  {
    name: "a report that keeps VACUUM from its work for more than an hour",
    evidence: {
      activity: [examplePicture({ ...report, xactAge: 4000, queryAge: 4000, stateAge: 4000 })],
    },
    finds: ["critical billing (reports)"],
  },
  {
    name: "the server's own work, a CONCURRENTLY build and a backup take the time they take",
    evidence: {
      activity: [
        examplePicture(
          { ...report, statement: "VACUUM (VERBOSE) invoices" },
          {
            ...report,
            pid: 2,
            backendType: "autovacuum worker",
            statement: "autovacuum: ANALYZE public.invoices",
          },
          { ...report, pid: 3, statement: "CREATE INDEX CONCURRENTLY i ON invoices (total)" },
          { ...report, pid: 4, backendType: "parallel worker", leader: 48_211 },
          { ...report, pid: 5, backendType: "logical replication apply worker" },
          { ...report, pid: 6, application: "pg_dump" },
          { ...report, pid: 7, application: "pgvigil", isOurs: true },
          { ...report, pid: 8, statement: "/* pgvigil:ignore */ SELECT sum(total) FROM invoices" },
        ),
      ],
    },
    finds: [],
  },
  {
    name: "other roles' sessions cannot be seen",
    evidence: { activity: [{ ...examplePicture(), sessions: 12, hidden: 11 }] },
    finds: [],
    blind: "privilege" as const,
  },
];

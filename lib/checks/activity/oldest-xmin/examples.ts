import { exampleBackend, examplePicture, examplePrepared } from "../../reads/example-activity.ts";

const slot = {
  kind: "slot" as const,
  name: "warehouse",
  isLogical: true,
  isActive: false,
  consumer: null,
  isVisible: true,
  xmin: null,
  xminAge: null,
  catalogXmin: "700000",
  catalogXminAge: 201_246,
  inactive: null,
};

const seen = (xid: string, since: string) => ({
  at: "2026-11-20T02:00:00.000Z",
  memory: { "slot warehouse catalog": { xid, since } },
});

export const oldestXminExamples = [
  {
    name: "short transactions",
    evidence: { activity: [examplePicture(exampleBackend())], horizons: [] },
    finds: [],
  },
  {
    name: "a transaction that wrote something two hours ago, and is still there",
    evidence: { activity: [examplePicture(exampleBackend({ xactAge: 7200 }))], horizons: [] },
    finds: ["warning billing (billing-worker)"],
  },
  {
    name: "a backup of two hours",
    evidence: {
      activity: [examplePicture(exampleBackend({ xactAge: 7200, application: "pg_dump" }))],
      horizons: [],
    },
    finds: [],
  },
  {
    name: "a prepared transaction of yesterday holds a horizon older than any session's",
    evidence: {
      activity: [
        {
          ...examplePicture(exampleBackend({ xactAge: 7200 })),
          prepared: [examplePrepared({ age: 90_000, xidAge: 5000 })],
        },
      ],
      horizons: [],
    },
    finds: ["critical prepared transactions of billing"],
  },
  {
    name: "a slot that is seen for the first time",
    evidence: { activity: [examplePicture()], horizons: [slot] },
    finds: [],
  },
  {
    name: "a slot that stood still since it was first seen, two hours ago",
    evidence: { activity: [examplePicture()], horizons: [slot] },
    previous: seen("700000", "2026-11-20T01:00:00.000Z"),
    finds: ["warning warehouse"],
  },
  {
    name: "a slot that moves",
    evidence: { activity: [examplePicture()], horizons: [slot] },
    previous: seen("600000", "2026-11-20T01:00:00.000Z"),
    finds: [],
  },
  {
    name: "a slot on a server where nothing happens stands still, and is not late",
    evidence: {
      activity: [examplePicture()],
      horizons: [{ ...slot, catalogXminAge: 3, inactive: 400_000 }],
    },
    finds: [],
  },
  {
    name: "other roles' sessions cannot be seen",
    evidence: { activity: [{ ...examplePicture(), sessions: 12, hidden: 11 }], horizons: [] },
    finds: [],
    blind: "privilege" as const,
  },
];

import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { ConnectionLimit } from "../../reads/connection-limits.ts";

const now = "2026-11-20T03:00:00.000Z";

/** Every ten minutes, up to ten minutes ago. */
const looks = (...used: readonly number[]): [string, number][] =>
  used.map((n, i) => [new Date(Date.parse(now) - (used.length - i) * 600_000).toISOString(), n]);

/** Twelve hours, until half a day ago. */
const dayBefore = (most: number): [string, number][] =>
  Array.from({ length: 12 }, (_, i) => [
    new Date(Date.parse(now) - (23.5 - i) * 3_600_000).toISOString(),
    i % 2 === 0 ? most : 20,
  ]);

const before = (points: [string, number][]) => ({
  at: now,
  memory: {
    server: countingServerSchema.parse(exampleServer),
    points,
    top: [{ name: "web (shop)", sessions: 40 }],
    topAt: points[0]?.[0] ?? now,
  },
});

const using = (used: number): { limits: ConnectionLimit[] } => ({
  limits: [
    {
      ...{ kind: "server", identity: "server", name: null, limit: 97, maxConnections: 100 },
      ...{ superuserReserved: 3, reserved: 0, rdsReserved: 0, workers: 8 },
      ...{ used, hidden: 0, active: 3, idle: used - 3, idleInTransaction: 0 },
      top: [{ role: "web", application: "shop", sessions: used }],
    },
  ],
});

export const connectionTrendExamples = [
  {
    name: "a pool that leaks",
    evidence: using(75),
    previous: before(looks(40, 44, 49, 55, 58, 64, 69)),
    now,
    finds: ["warning server"],
  },
  {
    name: "a sawtooth: a pool that grows and shrinks",
    evidence: using(80),
    previous: before(looks(40, 60, 80, 41, 62, 81, 40, 61)),
    now,
    finds: [],
  },
  {
    name: "a deployment that needs more, and then no more than that",
    evidence: using(70),
    previous: before(looks(40, 40, 70, 70, 70, 70, 70)),
    now,
    finds: [],
  },
  {
    name: "rising, and far from the limit",
    evidence: using(30),
    previous: before(looks(10, 12, 14, 17, 20, 24, 27)),
    now,
    finds: [],
  },
  {
    name: "a morning: they come to work, and yesterday is not known",
    evidence: using(60),
    previous: before(looks(12, 20, 28, 36, 44, 50, 55)),
    now,
    finds: [],
  },
  {
    name: "a morning like the one before",
    evidence: using(80),
    previous: before([...dayBefore(78), ...looks(40, 44, 49, 55, 58, 64, 69)]),
    now,
    finds: [],
  },
  {
    name: "more than the day before, and rising",
    evidence: using(70),
    previous: before([...dayBefore(50), ...looks(40, 44, 49, 55, 58, 64, 67)]),
    now,
    finds: ["warning server"],
  },
  {
    name: "half an hour of looks",
    evidence: using(75),
    previous: before(looks(40, 55, 69)),
    now,
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "the server was restarted: its connections are new",
    evidence: using(75),
    previous: before(looks(40, 44, 49, 55, 58, 64, 69)),
    now,
    server: { startedAt: "2026-11-20T02:59:00.000000Z" },
    finds: [],
    blind: "not-applicable" as const,
  },
];

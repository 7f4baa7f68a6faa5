import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import { keySetOf } from "../../reads/key-set.ts";
import type { StatementCounters, StatementLook } from "../../reads/statement-counters.ts";
import type { Remembered } from "./memory.ts";

const at = "2026-11-20T02:55:00.000Z";
const extension = { extensions: { pg_stat_statements: "1.12" } };

const statement = (changes: Partial<StatementCounters> = {}): StatementCounters => ({
  ...{ key: "4711/10", queryid: "4711", role: "web", isTopLevel: true },
  ...{ calls: 101_000, ms: 505_000, maxMs: 9_000, since: null },
  ...{ text: "SELECT id, total FROM orders WHERE customer_id = $1", print: "0a1b2c3d" },
  ...changes,
});

const look = (...statements: readonly StatementCounters[]): { look: StatementLook } => ({
  look: {
    ...{
      state: "counted",
      version: "1.12",
      schema: "public",
      at: "2026-11-20T03:00:00.000Z",
      seen: 412,
      hidden: 0,
    },
    ...{ resetAt: "2026-11-01T00:00:00.000Z", evicted: 0, known: null },
    statements: [...statements],
  },
});

/** 100,000 calls of 5 ms each. */
const memory: Remembered = {
  server: countingServerSchema.parse(exampleServer),
  resetAt: "2026-11-01T00:00:00.000Z",
  now: {
    at,
    statements: { "4711/10": [100_000, 500_000, "0a1b2c3d"] },
    known: keySetOf(["4711/10"]),
  },
  usual: null,
  windows: {},
};
const previous = { at, memory };
const baseline = { watch: "w1", at, memory };

export const regressionExamples = [
  { name: "as fast as ever", evidence: look(statement()), previous, server: extension, finds: [] },
  {
    name: "45 ms a call where it was 5",
    evidence: look(statement({ ms: 545_000 })),
    ...{ previous, baseline, server: extension },
    finds: ["warning statement 4711 of web"],
  },
  {
    name: "400 ms a call: an index is gone",
    evidence: look(statement({ ms: 900_000 })),
    ...{ previous, baseline, server: extension },
    finds: ["critical statement 4711 of web"],
  },
  {
    name: "four times as long, but only 15 ms more",
    evidence: look(statement({ ms: 520_000 })),
    ...{ previous, baseline, server: extension },
    finds: [],
  },
  {
    name: "called too seldom since then to say",
    evidence: look(statement({ calls: 100_020, ms: 520_000 })),
    ...{ previous, baseline, server: extension },
    finds: [],
  },
  {
    name: "called too seldom since it was last found slow: still so",
    evidence: look(statement({ calls: 100_020, ms: 520_000 })),
    previous: {
      at,
      memory: {
        ...memory,
        windows: {
          "4711/10": {
            from: null,
            last: { calls: 90, ms: 36_000, from: at, to: at },
            text: null,
          },
        },
      },
    },
    ...{ baseline, server: extension },
    finds: ["critical statement 4711 of web"],
  },
  {
    name: "another query id after a migration, by its text the same, and slow",
    evidence: look(
      statement({ key: "815/10", queryid: "815", calls: 500, ms: 100_000, print: "0a1b2c3d" }),
    ),
    ...{ previous, baseline, server: extension },
    finds: ["critical statement 815 of web"],
  },
  {
    name: "a new statement of 60 ms",
    evidence: look(
      statement(),
      statement({ key: "99/10", queryid: "99", calls: 100, ms: 6_000, print: "ffffffff" }),
    ),
    ...{ previous, baseline, server: extension },
    finds: ["notice statement 99 of web"],
  },
  {
    name: "the statistics were reset: calls count from there, and it is as fast as before",
    evidence: {
      look: {
        ...look(statement({ calls: 60, ms: 300 })).look,
        resetAt: "2026-11-20T02:57:00.000Z",
      },
    },
    ...{ previous, baseline, server: extension },
    finds: [],
  },
  {
    name: "another server answers: it has no past here",
    evidence: look(statement({ ms: 9_000_000 })),
    ...{ previous, baseline },
    server: { ...extension, systemIdentifier: "7301122334455660000" },
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "statements of other roles cannot be seen",
    evidence: { look: { ...look(statement()).look, hidden: 176 } },
    ...{ previous, baseline, server: extension },
    finds: [],
    blind: "privilege" as const,
  },
  {
    name: "its library is not loaded",
    evidence: { look: { ...look().look, state: "not-loaded" as const } },
    server: extension,
    finds: [],
    blind: "error" as const,
  },
];

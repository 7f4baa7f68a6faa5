import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { Vitals } from "../../../core/vitals.ts";

const counting = (
  counters: Partial<Vitals["counters"]>,
  changes: Partial<Vitals> = {},
): Vitals => ({
  at: "2026-11-20T03:05:00.000Z",
  sessions: 12,
  waiting: 0,
  longestTransactionSeconds: 0,
  deadRows: 0,
  liveRows: 1000,
  sizeBytes: 8192,
  counters: {
    ...{ commits: 100_500, rollbacks: 1_005, deadlocks: 2 },
    ...{ tempBytes: 0, blocksHit: 1, blocksRead: 1 },
    ...counters,
  },
  countedSince: "2026-11-01T00:00:00.000Z",
  ...changes,
});

const at = "2026-11-20T03:00:00.000Z";
const then = { commits: 100_000, rollbacks: 1_000, deadlocks: 2 };
const before = {
  server: countingServerSchema.parse(exampleServer),
  at,
  countedSince: "2026-11-01T00:00:00.000Z",
  now: then,
  window: { at, counters: then },
  usual: { at, share: 0.01, deadlocksPerHour: 0.004 },
};
const previous = { at, memory: before };

export const errorRateExamples = [
  {
    name: "as many fail as ever",
    evidence: { vitals: counting({}) },
    previous,
    finds: [],
  },
  {
    name: "every tenth transaction rolls back since the deployment",
    evidence: { vitals: counting({ commits: 100_900, rollbacks: 1_100 }) },
    previous,
    baseline: { watch: "w1", at, memory: before },
    finds: ["warning rollbacks of shop"],
  },
  {
    name: "every other one",
    evidence: { vitals: counting({ commits: 100_200, rollbacks: 1_200 }) },
    previous,
    finds: ["critical rollbacks of shop"],
  },
  {
    name: "an application that ends every read with ROLLBACK, as it did before",
    evidence: { vitals: counting({ commits: 100_100, rollbacks: 1_900 }) },
    previous: { at, memory: { ...before, usual: { ...before.usual, share: 0.88 } } },
    finds: [],
  },
  {
    name: "too few transactions to say anything of them",
    evidence: { vitals: counting({ commits: 100_010, rollbacks: 1_010 }) },
    previous,
    finds: [],
  },
  {
    name: "deadlocks where there were hardly any",
    evidence: { vitals: counting({ deadlocks: 8 }) },
    previous,
    finds: ["warning deadlocks of shop"],
  },
  {
    name: "the statistics were reset: they count from there",
    evidence: {
      vitals: counting(
        { commits: 1_000, rollbacks: 10, deadlocks: 0 },
        { countedSince: "2026-11-20T03:02:00.000Z" },
      ),
    },
    previous,
    finds: [],
  },
  {
    name: "another server answers: its counters are its own",
    evidence: { vitals: counting({ rollbacks: 90_000 }) },
    previous,
    server: { systemIdentifier: "7301122334455660000" },
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "the first look",
    evidence: { vitals: counting({ rollbacks: 90_000 }) },
    finds: [],
    blind: "not-applicable" as const,
  },
];

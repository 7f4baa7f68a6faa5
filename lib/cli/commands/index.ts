import type { Command } from "../command.ts";

/** In the order of the help. Each is loaded when it is called, with what it alone needs. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import("./check.ts")).check,
  checks: async () => (await import("./checks.ts")).checksCommand,
  explain: async () => (await import("./explain.ts")).explain,
  snapshot: async () => (await import("./snapshot.ts")).snapshot,
  seal: async () => (await import("./seal.ts")).seal,
  diff: async () => (await import("./diff.ts")).diff,
  watch: async () => (await import("./watch.ts")).watch,
  runs: async () => (await import("./runs.ts")).runs,
  incidents: async () => (await import("./incidents.ts")).incidents,
  ack: async () => (await import("./ack.ts")).ack,
  unack: async () => (await import("./ack.ts")).unack,
  adopt: async () => (await import("./adopt.ts")).adopt,
  sweep: async () => (await import("./sweep.ts")).sweep,
  "deploy-status": async () => (await import("./deploy-status.ts")).deployStatus,
  digest: async () => (await import("./digest.ts")).digest,
  "alert-test": async () => (await import("./alert-test.ts")).alertTest,
  locks: async () => (await import("./locks.ts")).locks,
  doctor: async () => (await import("./doctor.ts")).doctor,
  init: async () => (await import("./init.ts")).init,
  demo: async () => (await import("./demo.ts")).demo,
  completion: async () => (await import("./completion.ts")).completion,
};

export const commandNames: readonly string[] = Object.keys(loaders);

export const commandNamed = async (name: string): Promise<Command | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;

export const allCommands = (): Promise<readonly Command[]> =>
  Promise.all(Object.values(loaders).map((load) => load()));

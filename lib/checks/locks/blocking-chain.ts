import * as z from "zod";
import { emptyPicture } from "../../core/activity/picture.ts";
import { foughtOver, isInTheWay, rootName } from "../../core/activity/tree-words.ts";
import {
  type BlockingTree,
  type Branch,
  blockingTrees,
  branchesOf,
} from "../../core/activity/trees.ts";
import { byName, grantMonitor } from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import type { Severity } from "../../core/severity.ts";
import { count, duration } from "../../core/units.ts";
import { activity } from "../reads/activity.ts";
import { blockingExamples } from "./blocking-chain/examples.ts";
import { blockingFinding } from "./blocking-chain/finding.ts";

const options = z.object({
  warning: duration.prefault("30s").describe("A session waits so long for a lock"),
  critical: duration.prefault("5min"),
  crowd: z.int().min(1).default(3).describe("Critical too where so many wait, …"),
  crowdWait: duration.prefault("10s").describe("… each of them so long"),
  ddl: duration
    .prefault("5s")
    .describe("A strong lock on a table is asked for so long, and others queue behind the request"),
});

export const locksBlockingChain = defineCheck({
  id: "locks/blocking-chain",
  title: "No session waits long for another one's lock",
  failureTitle: "Sessions wait behind one that does not let go",
  why: "Whatever they do stands still, their connections stay taken, and more join them.",
  source:
    "https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION (pg_blocking_pids)",
  options,
  profiles: ["pulse", "nightly", "watch"],
  live: true,
  needs: { privilege: "pg_monitor" },
  reads: { activity },

  judge({ activity: [picture = emptyPicture] }, options, { server }) {
    const trees = blockingTrees(picture);
    const waiting = trees.flatMap(branchesOf);
    const untold = waiting.filter(({ waited }) => waited === null).length;
    const late = trees.flatMap((tree) => {
      const severity = severityOfTree(tree, options);
      return severity === undefined ? [] : [{ tree, severity }];
    });
    const nameOf = ({ tree }: { tree: BlockingTree }) => `${rootName(tree)} on ${foughtOver(tree)}`;
    return {
      scope: `${count(picture.sessions, "session")}, ${waiting.length} waiting for a lock`,
      findings: byName(late, nameOf, ({ tree }) => longestIn(tree)).map(({ name, oldest, all }) =>
        blockingFinding(
          name,
          oldest.tree,
          all.map(({ tree }) => tree),
          all.some(({ severity }) => severity === "critical") ? "critical" : oldest.severity,
          server?.database ?? "its database",
        ),
      ),
      blind:
        untold === 0
          ? undefined
          : {
              cause: "privilege",
              reason: `since when ${count(untold, "session waits", "sessions wait")} is hidden from this role`,
              cure: grantMonitor(server?.role),
            },
      series: { "waiting-sessions": waiting.length },
    };
  },

  examples: blockingExamples,
});

function severityOfTree(
  tree: BlockingTree,
  { warning, critical, crowd, crowdWait, ddl }: z.output<typeof options>,
): Severity | undefined {
  const branches = branchesOf(tree).filter(({ backend }) => !backend.isOurs);
  const waitedFor = (seconds: number) =>
    branches.filter(({ waited }) => waited !== null && waited >= seconds);
  const harmed = branches.some((branch) => !isPatientBuild(branch));
  if (harmed && (waitedFor(critical).length > 0 || waitedFor(crowdWait).length >= crowd)) {
    return "critical";
  }
  const isLate = waitedFor(warning).length > 0 || waitedFor(ddl).some(isInTheWay);
  return isLate ? "warning" : undefined;
}

/** A CONCURRENTLY build waits for older transactions to end, as it should: nobody waits for it. */
const isPatientBuild = ({ type, waiters }: Branch): boolean =>
  type === "virtualxid" && waiters.length === 0;

const longestIn = (tree: BlockingTree): number =>
  Math.max(0, ...branchesOf(tree).map(({ waited }) => waited ?? 0));

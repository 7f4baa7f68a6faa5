import { endPrepared, endSession } from "../../../core/activity/end-session.ts";
import type { Backend } from "../../../core/activity/picture.ts";
import {
  countBelow,
  foughtOver,
  isInTheWay,
  rootName,
  sayBranch,
  sayParty,
} from "../../../core/activity/tree-words.ts";
import { type BlockingTree, type Branch, branchesOf } from "../../../core/activity/trees.ts";
import { mostShown, sessionEvidence, sessionHandles } from "../../../core/activity/who.ts";
import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import type { Severity } from "../../../core/severity.ts";
import { count, sayDuration } from "../../../core/units.ts";

/** What is said of a root and all who wait because of it; `all` are the roots of the same name. */
export function blockingFinding(
  name: string,
  tree: BlockingTree,
  all: readonly BlockingTree[],
  severity: Severity,
  database: string,
): FindingDraft {
  const waiting = all.flatMap(branchesOf);
  const inOrder = waiting.toSorted((a, b) => (b.waited ?? 0) - (a.waited ?? 0));
  const seconds = inOrder[0]?.waited ?? 0;
  const ddl = branchesOf(tree).find(isInTheWay);
  return {
    object: { kind: "session", name: rootName(tree), identity: name },
    severity,
    summary: summary(tree, ddl, waiting.length, seconds),
    detail: [...rootLines(tree), ...inOrder.slice(0, 3).map((each) => `${sayBranch(each)}.`)],
    evidence: {
      ...rootEvidence(tree),
      relation: foughtOver(tree),
      roots: all.length,
      waiting: waiting.length,
      seconds: Math.round(seconds),
      waiters: inOrder.slice(0, mostShown).map((each) => ({
        ...sessionEvidence(each.backend),
        application: each.backend.application,
        waits: each.waited === null ? null : Math.round(each.waited),
        mode: each.mode,
        type: each.type,
        table: each.table,
        behind: each.above.party.key,
        isQueued: each.above.isQueue,
      })),
    },
    remedy: remedy(tree, ddl, database),
    measure: { value: waiting.length, unit: "count", of: "sessions waiting" },
    sessions: sessionHandles(all.flatMap(heads)),
  };
}

/** Whoever would have to let go. */
function heads(tree: BlockingTree): readonly Backend[] {
  if (tree.kind === "cycle") return tree.members.map(({ backend }) => backend);
  return tree.root.kind === "session" ? [tree.root.backend] : [];
}

function summary(
  tree: BlockingTree,
  ddl: Branch | undefined,
  waiting: number,
  seconds: number,
): string {
  const on = foughtOver(tree);
  if (ddl !== undefined) {
    const what = firstWords(ddl.backend.statement);
    return `${what} on ${ddl.table ?? on} (pid ${ddl.backend.pid}) waits for ${rootName(tree)}, and ${count(countBelow(ddl), "session queues", "sessions queue")} behind it for ${sayDuration(seconds)}`;
  }
  // Of a mail's subject no more than the beginning may be left.
  return tree.kind === "cycle"
    ? `${count(waiting, "session waits", "sessions wait")} for each other on ${on}: ${rootName(tree)}, the longest for ${sayDuration(seconds)}`
    : `${count(waiting, "session")} blocked ${sayDuration(seconds)} on ${on}, behind ${rootName(tree)}`;
}

/** `ALTER TABLE`: what it does, without whom it does it to. */
const firstWords = (statement: string | null): string =>
  /^[A-Z]+( (TABLE|INDEX|VIEW|MATERIALIZED|TRIGGER|POLICY|FULL)\b)*/i.exec(statement ?? "")?.[0] ??
  "A request for a strong lock";

function rootLines(tree: BlockingTree): readonly string[] {
  if (tree.kind === "cycle") {
    return ["They wait for each other: PostgreSQL ends one of them after deadlock_timeout."];
  }
  const { root, alongside } = tree;
  const others = alongside.slice(0, 3).map((party) => `Blocks them too: ${sayParty(party)}.`);
  const isForWraparound =
    root.kind === "session" && root.backend.statement?.includes("to prevent wraparound");
  return [
    `${sayParty(root)}.`,
    ...(isForWraparound ? ["This VACUUM has to run: cancelled, it soon starts again."] : []),
    ...others,
    ...(alongside.length > 3 ? [`So do ${alongside.length - 3} more.`] : []),
  ];
}

function rootEvidence(tree: BlockingTree): FindingDraft["evidence"] {
  if (tree.kind === "cycle") {
    return { cycle: tree.members.map(({ backend }) => sessionEvidence(backend)) };
  }
  const { root, alongside } = tree;
  const also = { alongside: alongside.slice(0, mostShown).map(({ key }) => key) };
  if (root.kind === "gone") return { ...also, pid: Number(root.key) };
  if (root.kind === "prepared") {
    return { ...also, role: root.prepared?.owner ?? null, gid: root.prepared?.gid ?? null };
  }
  const { role, application, held } = root.backend;
  return { ...also, role, application, root: sessionEvidence(root.backend), held };
}

function remedy(tree: BlockingTree, ddl: Branch | undefined, database: string): Remedy | undefined {
  const ending = endRoot(tree, database);
  if (ddl === undefined) return ending;
  const cancel = endSession(ddl.backend);
  if (cancel.sql === undefined) return ending;
  const harsher = ending?.otherwise ?? { summary: ending?.summary ?? "", sql: ending?.sql ?? "" };
  return {
    summary: `Cancel the request for the lock (pid ${ddl.backend.pid}): those behind it go on at once and nothing is lost. Run it again later, after SET lock_timeout = '2s'.`,
    sql: cancel.sql,
    ...(harsher.sql === ""
      ? {}
      : {
          otherwise: { summary: `Or end what it waits for. ${harsher.summary}`, sql: harsher.sql },
        }),
  };
}

function endRoot(tree: BlockingTree, database: string): Remedy | undefined {
  if (tree.kind === "cycle") {
    const [member] = tree.members;
    return member === undefined ? undefined : endSession(member.backend);
  }
  if (tree.root.kind === "session") return endSession(tree.root.backend);
  if (tree.root.kind === "gone") return { summary: "Look again: who held it has just ended." };
  return tree.root.prepared === undefined
    ? {
        summary:
          "SELECT * FROM pg_prepared_xacts tells whose it is: it is ended in its own database.",
      }
    : endPrepared([tree.root.prepared], database);
}

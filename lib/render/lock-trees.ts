import { endSession } from "../core/activity/end-session.ts";
import { sayBranch, sayParty, sayWaiting } from "../core/activity/tree-words.ts";
import type { BlockingTree, Branch } from "../core/activity/trees.ts";
import type { Party } from "../core/activity/waits.ts";
import type { Remedy } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import { printableSql } from "../core/printable-sql.ts";

/** Who waits for whom now, for `pgvigil locks`: root first, then what it takes to end it. */
export const lockTrees = (trees: readonly BlockingTree[]): string =>
  trees.map((tree) => [...treeLines(tree), ...remedyLines(tree)].join("\n")).join("\n\n");

function treeLines(tree: BlockingTree): readonly string[] {
  if (tree.kind === "cycle") {
    return [
      `Deadlock: each waits for the next, the last for the first (${sayWaiting(tree)})`,
      ...branchLines(tree.members, ""),
    ];
  }
  return [
    printable(`${sayParty(tree.root)}  (${sayWaiting(tree)})`),
    ...tree.alongside.map((party) => printable(`and ${sayParty(party)}`)),
    ...branchLines(tree.waiters, ""),
  ];
}

function branchLines(branches: readonly Branch[], indent: string): readonly string[] {
  return branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1;
    const also = branch.also.map(({ party }) => party.key);
    const notes = [
      also.length > 0 ? ` (also behind pid ${also.join(", ")})` : "",
      branch.isInCycle ? " (in a cycle)" : "",
    ].join("");
    return [
      `${indent}${isLast ? "└─" : "├─"} ${printable(sayBranch(branch))}${notes}`,
      ...branchLines(branch.waiters, `${indent}${isLast ? "   " : "│  "}`),
    ];
  });
}

/** Only sessions can be cancelled; of a deadlock PostgreSQL itself ends one within a second. */
function remedyLines(tree: BlockingTree): readonly string[] {
  if (tree.kind === "cycle") return [];
  const remedy = remedyFor(tree.root);
  if (remedy === undefined) return [];
  const block = (sql: string) =>
    printableSql(sql)
      .split("\n")
      .map((line) => `    ${line}`);
  return [
    "",
    `  ${printable(remedy.summary)}`,
    ...(remedy.sql === undefined ? [] : ["", ...block(remedy.sql)]),
    ...(remedy.otherwise === undefined
      ? []
      : ["", `  ${printable(remedy.otherwise.summary)}`, "", ...block(remedy.otherwise.sql)]),
  ];
}

const remedyFor = (party: Party): Remedy | undefined =>
  party.kind === "session" ? endSession(party.backend) : undefined;

import type { Picture } from "./picture.ts";
import { ageOf, type Edge, type Party, type Wait, waitsIn } from "./waits.ts";

/** A waiter at its place, with all who wait because of it. */
export interface Branch extends Wait {
  /** How it waits for the one above: behind a lock that is held, or behind a request for one. */
  readonly above: Edge;
  /** The others it waits for, who stand elsewhere. */
  readonly also: readonly Edge[];
  /** It waits for somebody who waits for it: a deadlock that PostgreSQL has yet to find. */
  readonly isInCycle: boolean;
  readonly waiters: readonly Branch[];
}

export type BlockingTree =
  | {
      readonly kind: "root";
      /** Waits for nobody: whoever ends it lets the rest go on. */
      readonly root: Party;
      /** Others who wait for nobody and block somebody of this tree as well. */
      readonly alongside: readonly Party[];
      readonly waiters: readonly Branch[];
    }
  | {
      readonly kind: "cycle";
      /** Each waits for the next, the last for the first. Who waits behind one stands below it. */
      readonly members: readonly Branch[];
    };

/**
 * Who waits for whom, as trees: of all in front of a waiter, the one nearest to a root that holds
 * a lock stands above it, so that every waiter is told of exactly once. The worst tree first.
 */
export function blockingTrees(picture: Picture): readonly BlockingTree[] {
  const waits = waitsIn(picture).filter(({ blockers }) => blockers.length > 0);
  const places = place(waits);
  const below = Map.groupBy(
    waits.filter(({ key }) => places.cycles.every((cycle) => !cycle.includes(key))),
    ({ key }) => places.above.get(key)?.party.key,
  );
  const branch = (wait: Wait): Branch => {
    const above = places.above.get(wait.key) ?? wait.blockers[0];
    if (above === undefined) throw new Error(`${wait.key} waits for nobody`);
    return {
      ...wait,
      above,
      also: wait.blockers.filter((edge) => edge !== above),
      isInCycle: wait.blockers.some(
        (edge) => edge !== above && isUnder(edge.party.key, wait.key, places.above),
      ),
      waiters: (below.get(wait.key) ?? []).map(branch),
    };
  };

  const roots = new Map(
    waits.flatMap(({ blockers }) => blockers.map(({ party }) => [party.key, party] as const)),
  );
  for (const { key } of waits) roots.delete(key);
  const trees: BlockingTree[] = [...roots.values()].flatMap((root) => {
    const waiters = (below.get(root.key) ?? []).map(branch);
    return waiters.length === 0
      ? []
      : [{ kind: "root" as const, root, alongside: alongside(waiters, root, roots), waiters }];
  });
  const byKey = new Map(waits.map((wait) => [wait.key, wait]));
  for (const cycle of places.cycles) {
    const members = cycle.flatMap((key) => byKey.get(key) ?? []).map(branch);
    trees.push({ kind: "cycle", members: members.map((each) => ({ ...each, isInCycle: true })) });
  }
  return trees
    .filter((tree) => branchesOf(tree).some(concernsThisDatabase))
    .sort((a, b) => branchesOf(b).length - branchesOf(a).length);
}

/** All waiters of a tree, parents before children. */
export function branchesOf(tree: BlockingTree): readonly Branch[] {
  const all = [...(tree.kind === "root" ? tree.waiters : tree.members)];
  for (const branch of all) all.push(...branch.waiters); // grows as it goes
  return all;
}

interface Places {
  readonly above: ReadonlyMap<string, Edge>;
  /** Keys; each waits for the next. */
  readonly cycles: readonly (readonly string[])[];
}

/** Layer by layer from those who wait for nobody; what is never reached runs in circles. */
function place(waits: readonly Wait[]): Places {
  const waiting = new Set(waits.map(({ key }) => key));
  const above = new Map<string, Edge>();
  const cycles: string[][] = [];
  const reached = new Set<string>();
  let left = [...waits];
  const isReached = ({ party }: Edge) => reached.has(party.key) || !waiting.has(party.key);
  while (left.length > 0) {
    const layer = nextLayer(left, isReached);
    if (layer.length === 0) {
      const cycle = findCycle(left);
      for (const wait of cycle) layer.push(wait);
      cycles.push(cycle.map(([{ key }]) => key));
    }
    for (const [{ key }, edge] of layer) {
      above.set(key, edge);
      reached.add(key);
    }
    left = left.filter(({ key }) => !reached.has(key));
  }
  return { above, cycles };
}

type Placed = [wait: Wait, above: Edge];

/** Held locks come before places in a queue; of several holders the oldest transaction. */
function nextLayer(left: readonly Wait[], isReached: (edge: Edge) => boolean): Placed[] {
  const placed = (wanted: (edge: Edge) => boolean) =>
    left.flatMap((wait): Placed[] => {
      const first = wait.blockers.reduce<Edge | undefined>(
        (best, edge) =>
          wanted(edge) && (best === undefined || oldestFirst(edge, best) < 0) ? edge : best,
        undefined,
      );
      return first === undefined ? [] : [[wait, first]];
    });
  const behindLocks = placed((edge) => !edge.isQueue && isReached(edge));
  return behindLocks.length > 0 ? behindLocks : placed(isReached);
}

const oldestFirst = (a: Edge, b: Edge): number =>
  (ageOf(b.party) ?? 0) - (ageOf(a.party) ?? 0) || (a.party.key < b.party.key ? -1 : 1);

/** All that is left waits for something that is left: whoever follows it comes around. */
function findCycle(left: readonly Wait[]): Placed[] {
  const byKey = new Map(left.map((wait) => [wait.key, wait]));
  const path: Placed[] = [];
  const visited = new Map<string, number>();
  let [here] = left;
  while (here !== undefined && !visited.has(here.key)) {
    visited.set(here.key, path.length);
    const inside = here.blockers.filter(({ party }) => byKey.has(party.key));
    const next: Edge | undefined = inside.find(({ isQueue }) => !isQueue) ?? inside[0];
    if (next === undefined) break;
    path.push([here, next]);
    here = byKey.get(next.party.key);
  }
  return path.slice(visited.get(here?.key ?? "") ?? 0);
}

function isUnder(key: string, ancestor: string, above: ReadonlyMap<string, Edge>): boolean {
  let at: string | undefined = key;
  // In a cycle one would climb for ever.
  for (let steps = 0; at !== undefined && steps <= above.size; steps += 1) {
    if (at === ancestor) return true;
    at = above.get(at)?.party.key;
  }
  return false;
}

function alongside(
  waiters: readonly Branch[],
  root: Party,
  roots: ReadonlyMap<string, Party>,
): readonly Party[] {
  const all = [...waiters];
  const others = new Map<string, Party>();
  for (const branch of all) {
    all.push(...branch.waiters);
    for (const { party } of branch.also) {
      if (roots.has(party.key) && party.key !== root.key) others.set(party.key, party);
    }
  }
  return [...others.values()];
}

/** A session of this database, or anybody (a standby's replay) who wants something of it. */
const concernsThisDatabase = ({ backend, table }: Wait): boolean =>
  backend.isHere || table !== null;

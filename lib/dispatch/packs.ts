import { largestPack } from "./order.ts";

/** Where a target is, as far as packing goes. */
export interface Placed {
  readonly target: { readonly environment: string; readonly name: string };
  /** `host:port`. */
  readonly server: string;
  readonly network: string;
}

export interface Pack<T extends Placed> {
  readonly environment: string;
  readonly network: string;
  readonly targets: readonly T[];
}

/**
 * Packs of one environment and one network. A server stays whole where it can: then it sees one
 * connection of ours at a time. One with more databases than a pack holds gets packs of its own.
 * The same fleet makes the same packs, in whatever order it comes.
 */
export function packsOf<T extends Placed>(fleet: readonly T[]): readonly Pack<T>[] {
  const rooms = Map.groupBy(fleet, ({ target, network }) =>
    JSON.stringify([target.environment, network]),
  );
  return inOrder(rooms).flatMap(([, room]) => {
    const servers = Map.groupBy(room, ({ server }) => server);
    const filled: T[][] = [];
    for (const [, databases] of inOrder(servers)) {
      const sorted = databases.toSorted((a, b) => (a.target.name < b.target.name ? -1 : 1));
      if (sorted.length > largestPack) {
        for (let at = 0; at < sorted.length; at += largestPack) {
          filled.unshift(sorted.slice(at, at + largestPack));
        }
        continue;
      }
      const last = filled.at(-1);
      if (last !== undefined && last.length + sorted.length <= largestPack) last.push(...sorted);
      else filled.push(sorted);
    }
    return filled.flatMap((targets) => {
      const [first] = targets;
      if (first === undefined) return [];
      return [{ environment: first.target.environment, network: first.network, targets }];
    });
  });
}

const inOrder = <T>(groups: ReadonlyMap<string, readonly T[]>) =>
  [...groups].sort(([a], [b]) => (a < b ? -1 : 1));

import { usualFacets } from "../checks/reads/against-reference.ts";
import { UsageError } from "../core/errors.ts";
import { exitCodes } from "../core/exit-code.ts";
import type { Store } from "../core/ports.ts";
import { printable } from "../core/printable.ts";
import { sayFlags, sayTarget } from "../core/target.ts";
import { sayDuration } from "../core/units.ts";
import { recall } from "../run/memory.ts";
import { facetNames } from "../schema/fact.ts";
import { sideIn } from "../schema/in-facets.ts";
import { type MatrixRow, matrixOf } from "../schema/matrix.ts";
import { loadSnapshot } from "../schema/stored.ts";
import type { Words } from "./command.ts";
import { type Fleet, type FleetTarget, fleetOf } from "./fleet.ts";
import { type Io, print } from "./io.ts";
import { lastSnapshotOf } from "./last-snapshot.ts";

interface Column {
  readonly environment: string;
  /** Of the newest snapshot; nothing where nobody looked yet. */
  readonly takenAt: string | undefined;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly MatrixRow[];
}

/** Every target's objects by environments, the reference first; only those that differ. */
export async function diffEnvironments(words: Words, io: Io): Promise<number> {
  const fleet = await fleetOf(words, io);
  const { store } = fleet;
  if (store === undefined) {
    throw new UsageError(
      "environments are compared by their newest snapshots, which are kept in a store",
      "--store DIR, or store: in the configuration",
    );
  }
  const byName = Map.groupBy(fleet.targets, ({ target }) => target.name);
  const several = [...byName].filter(([, targets]) => targets.length > 1);
  if (several.length === 0) {
    throw new UsageError(
      "there are no two environments with a target of one name",
      "Name it without its environment, with a pattern: --target '*/orders'",
    );
  }
  const tables: Table[] = [];
  for (const [name, targets] of several) {
    tables.push(await tableOf(name, referenceFirst(targets, fleet), store));
  }
  print(
    io,
    words.text("format") === "json"
      ? JSON.stringify(tables.map(asJson), null, 2)
      : tables.map((table) => textOf(table, io.clock())).join("\n\n"),
  );
  if (tables.some(({ rows }) => rows.length > 0)) return exitCodes.findings;
  const isKnown = tables.every(({ columns }) => columns.every(({ takenAt }) => takenAt));
  return isKnown ? exitCodes.healthy : exitCodes.unknown;
}

/** The reference, or else the environment that the configuration names first. */
function referenceFirst(targets: readonly FleetTarget[], { environments }: Fleet) {
  const named = targets.find(({ reference }) => reference !== undefined)?.reference?.environment;
  const place = ({ target: { environment } }: FleetTarget) =>
    environment === named ? -1 : environments.indexOf(environment);
  return targets.toSorted((a, b) => place(a) - place(b));
}

async function tableOf(
  name: string,
  targets: readonly FleetTarget[],
  store: Store,
): Promise<Table> {
  const snapshots = await Promise.all(
    targets.map(async ({ target }) => {
      const past = await recall(store, target);
      const look = lastSnapshotOf(past("schema/drift-from-last")?.memory);
      return look && loadSnapshot(store, look.checksum);
    }),
  );
  const columns = targets.map(({ target: { environment } }, i) => ({
    environment,
    takenAt: snapshots[i]?.takenAt,
  }));
  const [reference, ...others] = snapshots.map((one) => one && sideIn(one, usualFacets));
  if (reference === undefined) throw neverLookedAt(targets, store);
  return { name, columns, rows: await matrixOf(reference, others) };
}

function neverLookedAt([first]: readonly FleetTarget[], { place }: Store): UsageError {
  const said = first === undefined ? "" : sayTarget(first.target);
  return new UsageError(
    `nobody looked at the schema of ${said} yet, says ${place}`,
    `pgvigil check ${sayFlags(said, first?.typed)} --only schema/drift-from-last`,
  );
}

const asJson = ({ name, columns, rows }: Table) => ({
  target: name,
  environments: columns,
  objects: rows.map(({ kind, identity, cells }) => ({
    kind,
    identity,
    cells: Object.fromEntries(columns.map(({ environment }, i) => [environment, cells[i]])),
  })),
});

const leftOut = facetNames.filter((name) => !usualFacets.includes(name)).join(", ");

function textOf({ name, columns, rows }: Table, now: Date): string {
  const age = ({ takenAt }: Column) =>
    takenAt === undefined
      ? "never"
      : `${sayDuration((now.getTime() - Date.parse(takenAt)) / 1000)} ago`;
  const head = [
    [name, ...columns.map(({ environment }) => environment)],
    ["", ...columns.map(age)],
  ];
  const body = rows.map(({ kind, identity, cells }) => [`${kind} ${identity}`, ...cells]);
  const lines = [...head, ...body].map((line) => line.map(printable));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const [reference] = columns;
  return [
    ...aligned,
    ...(rows.length === 0 ? ["No difference."] : []),
    "",
    `= as in ${reference?.environment}, ~ otherwise, + there and not in it, - not there, ? not known`,
    `Not compared: ${leftOut}; partitions of the usual shape.`,
  ].join("\n");
}

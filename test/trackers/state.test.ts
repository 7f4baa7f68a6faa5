import { expect, test } from "vitest";
import { DatabaseError } from "../../lib/core/errors.ts";
import type { Row, Statement } from "../../lib/core/ports.ts";
import { type TrackerRead, trackerStates } from "../../lib/trackers/state.ts";
import type { TrackerTable } from "../../lib/trackers/tracker.ts";

const table = (schema: string, tool = "golang-migrate"): TrackerTable => ({
  tool,
  schema,
  table: "schema_migrations",
  sqlSchema: schema,
  sqlTable: `${schema}.schema_migrations`,
  columns: ["version", "dirty"],
  isPartitioned: false,
  relations: [1],
  hasForeignTable: false,
  isLocked: false,
  hidesRows: false,
  lacksUsage: false,
  lacks: [],
});

const row = (tracker: number, changes: Row = {}): Row => ({
  tracker,
  rows: 1,
  applied: 1,
  version: "42",
  unresolved: [],
  holders: [],
  ...changes,
});

const dirty = { applied: 0, unresolved: [{ version: "42", state: "unfinished", since: null }] };

/** Reads with a server that gives these answers, one after the other. */
async function read(
  tables: readonly TrackerTable[],
  ...answers: (readonly Row[] | DatabaseError)[]
): Promise<readonly TrackerRead[]> {
  const rows = async (_: Statement): Promise<readonly Row[]> => {
    const answer = answers.shift() ?? [];
    if (answer instanceof DatabaseError) throw answer;
    return answer;
  };
  const server = { database: "shop" };
  const context = {
    server,
    session: { rows, server },
    read: async ({ id }: { id: string }) => (id === "planner-calls" ? [] : tables),
  };
  return trackerStates.run(context as unknown as Parameters<typeof trackerStates.run>[0]);
}

const locked = new DatabaseError("lock", "canceling statement due to lock timeout", { hint: "" });

test("a lock that comes in between bars the one tracker, not the others", async () => {
  const reads = await read([table("a"), table("b")], locked, [row(0)], locked);
  expect(
    reads.map(({ table, state, obstacle }) => [table.schema, state?.version, obstacle]),
  ).toEqual([
    ["a", "42", undefined],
    ["b", undefined, "locked"],
  ]);
});

test("what looks dead is looked at twice, as a run may end between the rows and the lock", async () => {
  const holders = [{ pid: 7, role: null, application: null }];
  const [ended] = await read([table("a")], [row(0, dirty)], [row(0)]);
  expect(ended?.state?.unresolved).toEqual([]);
  const [next] = await read([table("a")], [row(0, dirty)], [row(0, { ...dirty, holders })]);
  expect(next?.state?.holders).toEqual(holders);
  const [dead] = await read([table("a")], [row(0, dirty)], [row(0, dirty)]);
  expect(dead?.state).toMatchObject({ ...dirty, holders: [] });
});

test("a server that goes away is no affair of one tracker", async () => {
  const gone = new DatabaseError("going-away", "terminating connection", { hint: "" });
  await expect(read([table("a")], gone)).rejects.toThrow("terminating connection");
});

import * as z from "zod";
import { DatabaseError } from "../../core/errors.ts";
import { matches } from "../../core/ignore.ts";
import { callAmong, plannerCalls } from "../../core/planner-calls.ts";
import { procedure, type ReadContext } from "../../core/read.ts";
import { rowsAs } from "../../core/typed.ts";
import { lockedTables } from "../../integrity/locks.ts";
import { remembered } from "../integrity/row-loss/memory.ts";
import { tableRow, tableRowsSql } from "./table-rows-sql.ts";

const obstacles = ["privilege", "lock", "timeout", "function", "error"] as const;

const tableSchema = tableRow.extend({
  isExact: z.boolean(),
  isAppendOnly: z.boolean(),
  /** Counted, where the configuration wants it exact. */
  exact: z.number().nullable(),
  obstacle: z.enum(obstacles).nullable(),
});
export type TableRows = z.infer<typeof tableSchema>;

const tableRowsSchema = z.object({
  tables: z.array(tableSchema),
  /** What the configuration lists and nothing fits. */
  absent: z.array(z.string()),
});

const wishes = z.object({
  exact: z.array(z.string()),
  appendOnly: z.array(z.string()),
  largest: z.number(),
});

/** Law 2: who touches a table of the user's has let go of it after 250 ms. */
const timeout = 0.25;

/** Tables whose loss would be noticed: at most 300, and those that are listed. */
export const tableRows = procedure({
  id: "table-rows",
  result: tableRowsSchema,
  async run(context) {
    const { session, past } = context;
    const { exact, appendOnly, largest } = wishes.parse(context.options);
    const memory = remembered.safeParse(past("integrity/row-loss")?.memory).data;
    const kept = Object.entries(memory?.tables ?? {});
    const sql = tableRowsSql(
      kept.map(([identity]) => identity),
      kept.map(([, { oid }]) => oid),
      [...exact, ...appendOnly],
    );
    const rows = rowsAs(tableRow, await session.rows({ id: "table-rows", sql }), "table-rows");
    const isListed = (patterns: readonly string[], { schema, name, rootName }: Row) =>
      patterns.some(
        (pattern) =>
          matches(pattern, `${schema}.${name}`) ||
          (rootName !== null && matches(pattern, rootName)),
      );
    const tables = rows.map((row) => ({
      ...row,
      isExact: isListed(exact, row),
      isAppendOnly: isListed(appendOnly, row),
      ...{ exact: null, obstacle: null },
    }));
    const absent = [...new Set([...exact, ...appendOnly])].filter(
      (pattern) => !rows.some((row) => isListed([pattern], row)),
    );
    return { tables: await counted(context, tables, largest), absent };
  },
});

type Row = z.infer<typeof tableRow>;

async function counted(
  context: ReadContext,
  tables: readonly TableRows[],
  largest: number,
): Promise<TableRows[]> {
  if (!tables.some(({ isExact }) => isExact)) return [...tables];
  const calls = await context.read(plannerCalls);
  const result: TableRows[] = [];
  for (const table of tables) {
    if (!table.isExact) result.push(table);
    else if (callAmong(calls, [table.oid])) result.push({ ...table, obstacle: "function" });
    else if (!table.maySelect) result.push({ ...table, obstacle: "privilege" });
    else if (table.pages * 8192 > largest) result.push({ ...table, obstacle: "timeout" });
    else result.push({ ...table, ...(await countOf(context, table)) });
  }
  return result;
}

/** One statement a table, so that an ALTER that arrives waits for one only. */
async function countOf({ session }: ReadContext, { oid, identity }: TableRows) {
  const locks = rowsAs(
    lockedTables.row,
    await session.rows({ id: lockedTables.id, sql: String(lockedTables.sql) }),
    lockedTables.id,
  );
  if (locks.some((lock) => lock.oid === oid)) return { obstacle: "lock" as const };
  const id = "row-count";
  const sql = `SELECT pg_catalog.count(*) AS "n" FROM ONLY ${identity} ORDER BY 1`;
  try {
    const [row] = rowsAs(
      z.object({ n: z.number() }),
      await session.rows({ id, sql, timeout }),
      id,
      1,
    );
    return { exact: row.n };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { obstacle: obstacleOf(error) };
  }
}

/** @throws the error itself where the server is gone: that is no affair of one table */
function obstacleOf(error: DatabaseError): NonNullable<TableRows["obstacle"]> {
  switch (error.errorClass) {
    case "privilege":
    case "lock":
    case "timeout":
      return error.errorClass;
    case "conflict":
      return "lock";
    case "changed-underneath":
    case "other":
      return "error";
    default:
      throw error;
  }
}

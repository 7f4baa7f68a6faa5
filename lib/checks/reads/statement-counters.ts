import { createHash } from "node:crypto";
import * as z from "zod";
import { DatabaseError } from "../../core/errors.ts";
import { procedure, type ReadContext, sqlRead } from "../../core/read.ts";
import { withoutLiterals } from "../../core/statement-text.ts";
import { rowsAs } from "../../core/typed.ts";
import { remembered } from "../statements/regression/memory.ts";
import { keySetOf } from "./key-set.ts";
import { fetchedTexts, statementRow, statementsSql } from "./statement-sql.ts";

const counted = {
  role: true,
  isTopLevel: true,
  calls: true,
  ms: true,
  maxMs: true,
  since: true,
} as const;

const statementSchema = statementRow.pick(counted).extend({
  /** Query id, role and level: what a counter belongs to. */
  key: z.string(),
  queryid: z.string(),
  /** Without what it carries; only of those that may be told of. */
  text: z.string().nullable(),
  /** A hash of its text, by which it is known again under another query id. */
  print: z.string().nullable(),
});
export type StatementCounters = z.infer<typeof statementSchema>;

const statementLookSchema = z.object({
  state: z.enum(["counted", "not-loaded"]),
  version: z.string(),
  /** Of the extension, quoted. */
  schema: z.string(),
  /** The server's clock, ISO 8601 in UTC. */
  at: z.string(),
  seen: z.int(),
  /** Of roles that this one may not look into. */
  hidden: z.int(),
  resetAt: z.string().nullable(),
  /** Entries that made room for others, since the reset. */
  evicted: z.number().nullable(),
  /** Those that took most time since the last look, at most 300. */
  statements: z.array(statementSchema),
  /** Every statement that is counted, as a set of short hashes. */
  known: z.string().nullable(),
});
export type StatementLook = z.infer<typeof statementLookSchema>;

const most = 300;
/** Above so many entries their texts are not asked for: all of them are read to find a few. */
const mostTexts = 20_000;

/** Where the extension is, and whether its library is loaded. */
export const extension = sqlRead({
  id: "statement-extension",
  sql: `
    SELECT pg_catalog.quote_ident(n.nspname)                             AS "schema",
           e.extversion                                                  AS "version",
           pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                                         AS "at",
           pg_catalog.current_setting('pg_stat_statements.max', true) IS NOT NULL
                                                                         AS "isLoaded"
      FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname = 'pg_stat_statements'
     ORDER BY 1`,
  row: z.object({ schema: z.string(), version: z.string(), at: z.string(), isLoaded: z.boolean() }),
});

const limitsSchema = z.object({ calls: z.number(), more: z.number(), fresh: z.number() });

/**
 * Counters of this database's statements, without their texts: those lie in a file that is read
 * whole. Texts are asked for at the first look, and then only of what may have to be told.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 */
export const statementCounters = procedure({
  id: "statement-counters",
  result: statementLookSchema,
  async run(context) {
    const { session, read, past } = context;
    const [found] = await read(extension);
    if (found === undefined) throw new Error("the engine asks only where the extension is");
    const { schema, version, at, isLoaded } = found;
    const none = { version, schema, at, seen: 0, hidden: 0, resetAt: null, evicted: null };
    const notLoaded = { state: "not-loaded" as const, ...none, statements: [], known: null };
    if (!isLoaded) return notLoaded;
    try {
      const sql = statementsSql(schema, version);
      const rows = rowsAs(
        statementRow,
        await session.rows({ id: "statement-counters", sql }),
        "statement-counters",
      );
      const visible = rows.filter(({ queryid }) => queryid !== null);
      const memory = remembered.safeParse(past("statements/regression")?.memory).data;
      const all = visible.map(toCounters);
      const since = ({ key, ms }: StatementCounters) =>
        memory?.windows[key]?.last
          ? Number.POSITIVE_INFINITY // what was told is followed
          : ms - Math.min(ms, memory?.now.statements[key]?.[1] ?? 0);
      const statements = all.toSorted((a, b) => since(b) - since(a)).slice(0, most);
      const wanted =
        memory === undefined ? statements : statements.filter(mayBeTold(memory, context));
      const texts =
        rows.length > mostTexts
          ? new Map<string, string>()
          : await textsOf(context, schema, wanted);
      return {
        ...{ state: "counted" as const, version, schema, at },
        seen: rows.length,
        hidden: rows.length - visible.length,
        resetAt: rows[0]?.resetAt ?? null,
        evicted: rows[0]?.evicted ?? null,
        statements: statements.map((one) => withText(one, texts.get(one.queryid), memory)),
        known: keySetOf(all.map(({ key }) => key)),
      };
    } catch (error) {
      // 55000: its name is in the settings, its library is not in shared_preload_libraries.
      if (error instanceof DatabaseError && error.sqlstate === "55000") return notLoaded;
      throw error;
    }
  },
});

function toCounters({
  queryid,
  roleOid,
  role,
  isTopLevel,
  calls,
  ms,
  maxMs,
  since,
}: z.infer<typeof statementRow>): StatementCounters {
  return {
    key: `${queryid}/${roleOid}${isTopLevel ? "" : "/nested"}`,
    ...{ queryid: queryid ?? "", role, isTopLevel, calls, ms, maxMs, since },
    ...{ text: null, print: null },
  };
}

type Memory = z.infer<typeof remembered>;

/** Has it slowed down, or is it new and slow? Roughly: the judgement decides. */
function mayBeTold({ windows, now, usual }: Memory, { options }: ReadContext) {
  const { calls, more, fresh } = limitsSchema.parse(options);
  return (one: StatementCounters): boolean => {
    const window = windows[one.key];
    if (window !== undefined && window.text !== null) return false;
    const [fromCalls, fromMs] = window?.from
      ? [window.from.calls, window.from.ms]
      : (now.statements[one.key] ?? [0, 0]);
    const known = (usual ?? now).statements[one.key];
    const [n, ms] = [one.calls - fromCalls, one.ms - fromMs];
    const floor = known === undefined ? fresh : known[1] / Math.max(1, known[0]) / 1000 + more;
    return n >= calls && ms / n >= floor * 1000;
  };
}

async function textsOf(
  { session }: ReadContext,
  schema: string,
  wanted: readonly StatementCounters[],
): Promise<ReadonlyMap<string, string>> {
  if (wanted.length === 0) return new Map();
  const sql = fetchedTexts(
    schema,
    wanted.map(({ queryid }) => queryid),
  );
  try {
    const rows = await session.rows({ id: "statement-texts", sql, timeout: 1 });
    const row = z.object({ queryid: z.string(), text: z.string() });
    return new Map(
      rowsAs(row, rows, "statement-texts").map(({ queryid, text }) => [queryid, text]),
    );
  } catch (error) {
    // Told by its query id then.
    if (error instanceof DatabaseError && error.errorClass === "timeout") return new Map();
    throw error;
  }
}

const withText = (
  one: StatementCounters,
  text: string | undefined,
  memory: Memory | undefined,
): StatementCounters =>
  text === undefined
    ? { ...one, text: memory?.windows[one.key]?.text ?? null }
    : { ...one, text: memory === undefined ? null : withoutLiterals(text), print: printOf(text) };

/**
 * The same for the same statement with other values, other white space, other comments or a list of
 * another length: what query ids are not, before PostgreSQL 18.
 */
export function printOf(text: string): string {
  const said = text
    .replaceAll(/\/\*.*?\*\//gs, " ")
    .replaceAll(/--[^\r\n]*/g, " ")
    .replaceAll(/'(?:[^']|'')*'|\$\d+|\b\d+(?:\.\d+)?\b/g, "?")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\?(?: ?, ?\?)+/g, "?")
    .trim();
  return createHash("sha256").update(said).digest("hex").slice(0, 8);
}

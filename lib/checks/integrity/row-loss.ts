import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import type { Blindness } from "../../core/outcome.ts";
import { firstLook, pastsOf, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import type { Severity } from "../../core/severity.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { count, share, size } from "../../core/units.ts";
import { type TableRows, tableRows } from "../reads/table-rows.ts";
import { rowLossExamples } from "./row-loss/examples.ts";
import { absent, lost, touched } from "./row-loss/finding.ts";
import { deletedSince, keep, type Loss, lossOf, type Span, updatedSince } from "./row-loss/loss.ts";
import { type KeptTable, remembered } from "./row-loss/memory.ts";

const names = z.array(z.string().min(1)).default([]);

const options = z.object({
  warning: share.prefault("20%").describe("Share of a table's rows that are gone"),
  critical: share.prefault("80%").describe("The same, when it cannot wait"),
  rows: z.int().min(1).default(1000).describe("Smaller tables are not judged by estimates"),
  exact: names.describe("Tables to count, as public.orders or billing.*: else rows are estimated"),
  appendOnly: names.describe("Tables that may neither shrink nor be updated"),
  largest: size
    .prefault("1GB")
    .describe("A larger table is not counted: it would take more than the 250 ms that it may"),
});
type Options = z.output<typeof options>;

export const integrityRowLoss = defineCheck({
  id: "integrity/row-loss",
  title: "No table lost its rows",
  failureTitle: "Table that lost many rows",
  why: "A TRUNCATE or DELETE too many, or a table swapped for an empty one, leaves a schema that looks right.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW",
  options,
  profiles: ["nightly", "watch"],
  // A replica counts no writes.
  needs: { on: "primary", store: true, privilege: "SELECT on the tables of `exact`" },
  reads: { look: tableRows },

  judge({ look }, options, context) {
    const { server, baseline, now } = context;
    const { before, last, isAnother } = pastsOf(remembered, context, "facts");
    const [any] = look.tables;
    const at = any?.at ?? now.toISOString();
    const countedSince = any?.countedSince ?? null;
    const goesOnWatching = baseline !== undefined && last?.memory.watch === baseline.watch;
    const against = goesOnWatching ? last : before;
    const kept = against?.memory.tables ?? {};
    const span: Span = {
      elapsed: against === undefined ? 0 : secondsBetween(against.memory.at, at),
      counted:
        against?.memory.countedSince == null
          ? undefined
          : secondsBetween(against.memory.countedSince, against.memory.at),
      isReset: against?.memory.countedSince !== countedSince,
    };
    const judged = look.tables.map((table) => {
      const was = kept[table.identity];
      const loss = was === undefined ? undefined : lossOf(table, was, span);
      const severity = loss === undefined ? undefined : severityOf(loss, options);
      return { table, was, loss, severity };
    });
    const between = { from: against?.memory.at ?? at, to: at };
    const findings = judged.flatMap(({ table, was, loss, severity }): FindingDraft[] => {
      if (was !== undefined && table.isAppendOnly) {
        const [updated, deleted] = [updatedSince, deletedSince].map((of) => of(table, was, span));
        return updated || deleted || loss !== undefined
          ? [touched(table, { updated: updated ?? 0, deleted: deleted ?? 0, loss }, between)]
          : [];
      }
      return loss === undefined || severity === undefined
        ? []
        : [lost(table, loss, severity, between)];
    });
    const memory = {
      server: server === undefined ? null : countingServerSchema.parse(server),
      at,
      watch: baseline?.watch ?? null,
      countedSince,
      tables: mostOf(
        judged.map(({ table, was, severity }) => {
          const how = {
            span,
            loss: severity !== undefined,
            isWatched: goesOnWatching || before?.isBaseline === true,
          };
          return [table, keep(table, was, how)] as const;
        }),
      ),
    };
    const scope = scopeOf(look.tables, any?.tables ?? 0);
    const nothing = [...look.absent.map(absent)];
    if (against === undefined) {
      return { ...firstLook(scope, { isAnother }), findings: nothing, memory };
    }
    return {
      scope: span.isReset ? `${scope}; the statistics were reset since the last look` : scope,
      findings: [...findings, ...nothing],
      blind: blindTo(look.tables, server?.role ?? "pgvigil"),
      memory,
    };
  },

  examples: rowLossExamples,
});

function severityOf(
  { before, now, isExact, isHabit }: Loss,
  { warning, critical, rows }: Options,
): Severity | undefined {
  const gone = (before - now) / before;
  if (gone < warning || (!isExact && before < rows)) return undefined;
  if (isHabit) return "notice";
  return gone >= critical ? "critical" : "warning";
}

const mostKept = 300;

/** The fullest, and those that are waited for. */
function mostOf(tables: readonly (readonly [TableRows, KeptTable])[]): Record<string, KeptTable> {
  const weight = ([{ isExact, isAppendOnly }, { rows, isLow }]: readonly [TableRows, KeptTable]) =>
    isExact || isAppendOnly || isLow ? Number.POSITIVE_INFINITY : rows;
  return Object.fromEntries(
    tables
      .toSorted((a, b) => weight(b) - weight(a) || (a[0].identity < b[0].identity ? -1 : 1))
      .slice(0, mostKept)
      .map(([{ identity }, kept]) => [identity, kept]),
  );
}

function scopeOf(tables: readonly TableRows[], all: number): string {
  const exact = tables.filter(({ isExact }) => isExact);
  const counted = exact.filter(({ obstacle }) => obstacle === null).length;
  const of = tables.length < all ? `${tables.length.toLocaleString("en-US")} of ` : "";
  const what = `${of}${count(all, "table")}`;
  return exact.length === 0 ? what : `${what}, ${counted} of ${exact.length} listed ones counted`;
}

const obstacleWords = {
  privilege: "no SELECT on",
  lock: "somebody holds or awaits a lock on",
  timeout: "more rows than can be counted in 250 ms in",
  function: "a look at it calls a function that a user wrote:",
  error: "the count failed on",
} as const;

/** What the configuration wants counted, and nobody could count. */
function blindTo(tables: readonly TableRows[], role: string): Blindness | undefined {
  const groups = Map.groupBy(
    tables.filter(({ obstacle }) => obstacle !== null),
    ({ obstacle }) => obstacle ?? "error",
  );
  const [worst] = (["privilege", "function", "error", "lock", "timeout"] as const).filter((one) =>
    groups.has(one),
  );
  if (worst === undefined) return undefined;
  const namesOf = (group: readonly TableRows[]) =>
    group
      .slice(0, 5)
      .map(({ identity }) => identity)
      .join(", ") + (group.length > 5 ? ` and ${group.length - 5} more` : "");
  const to = quoteIdentifier(role);
  const cures = (groups.get("privilege") ?? []).map(({ identity, maySelect }) =>
    // It may read the table, and row security hides rows: a count of the rest would be a lie.
    maySelect ? `ALTER ROLE ${to} BYPASSRLS;` : `GRANT SELECT ON ${identity} TO ${to};`,
  );
  return {
    cause: worst === "function" ? "privilege" : worst,
    reason: [...groups].map(([why, group]) => `${obstacleWords[why]} ${namesOf(group)}`).join("; "),
    ...(cures.length === 0 ? {} : { cure: [...new Set(cures)].join("\n") }),
  };
}

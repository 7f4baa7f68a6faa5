import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import type { Blindness } from "../../core/outcome.ts";
import type { Server } from "../../core/server.ts";
import { type Severity, severityOf } from "../../core/severity.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { count, sayShare, share } from "../../core/units.ts";
import { type Sequence, sequences } from "../reads/sequences.ts";
import { type Room, roomOf } from "./sequences/room.ts";
import { typeOf, widen } from "./sequences/widen.ts";

export const capacitySequenceExhaustion = defineCheck({
  id: "capacity/sequence-exhaustion",
  title: "Every sequence, and the columns it feeds, has numbers left",
  failureTitle: "Sequence or key column that runs out of numbers",
  why: "At the end every INSERT into the table fails, and to widen a large column takes hours.",
  source: "https://www.postgresql.org/docs/current/sql-createsequence.html",
  options: z.object({
    warning: share
      .prefault("85%")
      .describe("Share of the numbers that the sequence and its narrowest column have"),
    critical: share.prefault("95%").describe("The same, when it cannot wait"),
  }),
  profiles: ["hourly", "nightly", "watch"],
  needs: { privilege: "SELECT on sequences" },
  reads: { sequences },

  judge({ sequences }, options, { server }) {
    const seen = sequences.filter(({ unseen }) => unseen === null);
    const blind = blindTo(sequences, server);
    return {
      scope: say(sequences, seen.length),
      findings: seen.flatMap((sequence) => {
        const room = roomOf(sequence);
        if (room === undefined) return [];
        const severity = room.left <= 0n ? "critical" : severityOf(room.used, options);
        return severity === undefined ? [] : [found(sequence, room, severity)];
      }),
      ...(blind === undefined ? {} : { blind }),
    };
  },

  examples: [
    {
      name: "a serial column with room, and a sequence that never gave a number",
      evidence: { sequences: [example({}), example({ lastValue: null, isCalled: false })] },
      finds: [],
    },
    {
      name: "an integer column at 90 percent, although its sequence is bigint",
      evidence: { sequences: [example({ lastValue: "1932735283" })] },
      finds: ["warning public.orders_id_seq"],
    },
    {
      name: "the last numbers",
      evidence: { sequences: [example({ lastValue: "2147483000" })] },
      finds: ["critical public.orders_id_seq"],
    },
    {
      name: "a sequence that begins anew in time never ends",
      evidence: { sequences: [example({ cycles: true, max: "999", lastValue: "998" })] },
      finds: [],
    },
    {
      name: "a sequence that would begin anew long after its column is full",
      evidence: { sequences: [example({ cycles: true, lastValue: "2147483000" })] },
      finds: ["critical public.orders_id_seq"],
    },
    {
      name: "a descending sequence near its end",
      evidence: {
        sequences: [
          example({
            ...{ increment: "-1", start: "-1", min: "-32768", max: "-1", bytes: 2 },
            ...{ lastValue: "-32000", columns: [] },
          }),
        ],
      },
      finds: ["critical public.orders_id_seq"],
    },
    {
      name: "a sequence that this role may not read",
      evidence: { sequences: [example({ lastValue: null, mayRead: false, unseen: "privilege" })] },
      finds: [],
      blind: "privilege",
    },
    {
      name: "a sequence that is being altered",
      evidence: { sequences: [example({ lastValue: null, unseen: "lock" })] },
      finds: [],
      blind: "lock",
    },
  ],
});

function example(of: Partial<Sequence>): Sequence {
  const inherited = { isInherited: false, isPartitionKey: false };
  return {
    ...{ oid: 16_400, schema: "public", name: "orders_id_seq", sqlSchema: "public" },
    ...{ identity: "public.orders_id_seq", bytes: 8, start: "1", increment: "1", min: "1" },
    ...{ max: "9223372036854775807", cycles: false, maySelect: true, mayRead: true },
    columns: [{ table: "public.orders", column: "id", bytes: 4, ...inherited }],
    ...{ isElsewhere: false, lastValue: "42", isCalled: true, unseen: null, ...of },
  };
}

function say(sequences: readonly Sequence[], seen: number): string {
  const elsewhere = sequences.filter(({ unseen }) => unseen === "elsewhere").length;
  const all = sequences.length - elsewhere;
  const of = seen === all ? count(all, "sequence") : `${seen} of ${count(all, "sequence")}`;
  return elsewhere === 0 ? of : `${of}; ${elsewhere} unlogged, which only the primary knows`;
}

const named = 3;

function blindTo(all: readonly Sequence[], server: Server | undefined): Blindness | undefined {
  const because = (cause: Sequence["unseen"]) => all.filter(({ unseen }) => unseen === cause);
  const [refused, locked, late] = [because("privilege"), because("lock"), because("timeout")];
  const reasons = [
    { cause: "privilege" as const, of: refused, words: "no SELECT on" },
    { cause: "lock" as const, of: locked, words: "somebody holds or awaits a lock on" },
    { cause: "timeout" as const, of: late, words: "no answer in time from" },
  ].filter(({ of }) => of.length > 0);
  const [first] = reasons;
  if (first === undefined) return undefined;
  return {
    cause: first.cause,
    reason: reasons.map(({ of, words }) => `${words} ${list(of)}`).join("; "),
    ...(refused.length === 0 ? {} : { cure: grantFor(refused, server) }),
  };
}

const list = (sequences: readonly Sequence[]): string => {
  const names = sequences.slice(0, named).map(({ identity }) => identity);
  const more = sequences.length - names.length;
  return `${names.join(", ")}${more === 0 ? "" : ` and ${more.toLocaleString("en-US")} more`}`;
};

function grantFor(refused: readonly Sequence[], server: Server | undefined): string {
  const role = quoteIdentifier(server?.role ?? "pgvigil");
  const schemas = [...new Set(refused.map(({ sqlSchema }) => sqlSchema))];
  const what =
    refused.length > named
      ? `ALL SEQUENCES IN SCHEMA ${schemas.join(", ")}`
      : `SEQUENCE ${refused.map(({ identity }) => identity).join(", ")}`;
  const grant = `GRANT SELECT ON ${what} TO ${role};`;
  const reads = (server?.versionNum ?? 0) >= 140_000;
  return reads
    ? `${grant}\n-- or, for all there will be:\nGRANT pg_read_all_data TO ${role};`
    : grant;
}

function found(sequence: Sequence, room: Room, severity: Severity): FindingDraft {
  const { schema, name, identity, lastValue, increment, columns } = sequence;
  const { column, left } = room;
  const end =
    column === undefined
      ? ""
      : ` for column ${column.table}.${column.column} (${typeOf(column.bytes)})`;
  const rest =
    left <= 0n ? "no number is left" : `${left.toLocaleString("en-US")} numbers are left`;
  return {
    object: { kind: "sequence", schema, name, identity },
    severity,
    summary: `Sequence ${identity} is ${sayShare(Math.min(1, room.used))} used: ${rest}${end}`,
    detail: [
      column === undefined
        ? "When they are used up, nextval() fails, and so does every INSERT that calls it."
        : "When they are used up, every INSERT that takes its number from the sequence fails.",
    ],
    evidence: {
      ...{ lastValue, increment, endsAt: `${room.end}`, left: `${left}` },
      limitedBy: column === undefined ? "sequence" : "column",
      columns: columns.slice(0, 5).map((c) => `${c.table}.${c.column} ${typeOf(c.bytes)}`),
      columnCount: columns.length,
    },
    remedy: widen(sequence, room),
    measure: { value: Math.min(1, room.used), unit: "share", of: "numbers used" },
  };
}

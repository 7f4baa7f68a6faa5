import { expect, test } from "vitest";
import { roomOf } from "../../../lib/checks/capacity/sequences/room.ts";
import { widen } from "../../../lib/checks/capacity/sequences/widen.ts";
import type { Sequence } from "../../../lib/checks/reads/sequences.ts";

const bigint = { low: "-9223372036854775808", high: "9223372036854775807" };

const sequence = (of: Partial<Sequence>): Sequence => ({
  ...{ oid: 1, schema: "public", name: "s", identity: "public.s", sqlSchema: "public", bytes: 8 },
  ...{ start: "1", increment: "1", min: "1", max: bigint.high, cycles: false, columns: [] },
  ...{ maySelect: true, mayRead: true, isElsewhere: false, isCalled: true, unseen: null },
  lastValue: "1",
  ...of,
});
const column = (bytes: number, more = {}) => ({
  ...{ table: "public.t", column: "id", bytes, isInherited: false, isPartitionKey: false },
  ...more,
});
const remedyOf = (s: Sequence) => {
  const room = roomOf(s);
  return room && widen(s, room);
};

test("numbers beyond 2^53 are counted exactly", () => {
  expect(roomOf(sequence({ lastValue: "9223372036854775806" }))).toMatchObject({ left: 1n });
  expect(roomOf(sequence({ lastValue: bigint.high }))).toMatchObject({ left: 0n, used: 1 });
});

test("a sequence that never gave a number is at its start", () => {
  const fresh = { lastValue: null, isCalled: false };
  expect(roomOf(sequence({ ...fresh, max: "100" }))).toMatchObject({ used: 0, left: 100n });
  expect(roomOf(sequence({ ...fresh, max: "100", start: "91" }))).toMatchObject({ used: 0.9 });
});

test("the narrowest column counts, and only where it ends no later than the sequence", () => {
  const narrow = sequence({ columns: [column(2), column(8)], lastValue: "30000" });
  expect(roomOf(narrow)).toMatchObject({ left: 2767n, column: { bytes: 2 } });
  const capped = sequence({ columns: [column(4)], max: "1000", lastValue: "990" });
  expect(roomOf(capped)).toMatchObject({ left: 10n, column: undefined });
});

test("what is behind the column's end is used up, not negative", () => {
  const beyond = sequence({ columns: [column(4)], lastValue: "3000000000" });
  expect(roomOf(beyond)).toMatchObject({ left: 0n });
  expect(roomOf(beyond)?.used).toBeGreaterThan(1);
});

test("a stride takes the end nearer than the share says", () => {
  const strides = sequence({ increment: "60", max: "100", lastValue: "61" });
  expect(roomOf(strides)).toMatchObject({ left: 0n, used: 0.61 });
});

test("a descending sequence runs towards its minimum", () => {
  const down = { increment: "-1", start: "-1", max: "-1", min: "-100" };
  expect(roomOf(sequence({ ...down, lastValue: "-90" }))).toMatchObject({ used: 0.9, left: 10n });
});

test("to cycle helps only where it happens before a column is full", () => {
  expect(roomOf(sequence({ cycles: true, max: "10", lastValue: "10" }))).toBeUndefined();
  expect(roomOf(sequence({ cycles: true, columns: [column(8)] }))).toBeUndefined();
  expect(roomOf(sequence({ cycles: true, columns: [column(4)] }))).toBeDefined();
});

test("nothing is wider than bigint, and the remedy does not pretend it", () => {
  const last = remedyOf(sequence({ lastValue: bigint.high, columns: [column(8)] }));
  expect(last?.summary).toContain("very end of bigint");
  expect(last?.sql).toBeUndefined();
  const down = { increment: "-1", start: "-1", max: "-1", min: bigint.low };
  expect(remedyOf(sequence({ ...down, lastValue: bigint.low }))?.sql).toBeUndefined();
});

test("a partition key cannot be altered, and the remedy says so instead", () => {
  const key = sequence({ columns: [column(4, { isPartitionKey: true })], lastValue: "2147483000" });
  expect(remedyOf(key)?.summary).toContain("partition key");
  expect(remedyOf(key)?.sql).toBeUndefined();
});

import { expect, test } from "vitest";
import { callsWithoutColumn } from "../../lib/core/node-tree.ts";

const column = "{VAR :varno 1 :varattno 1}";
const constant = "{CONST :consttype 23 :constvalue 4 [ 1 0 0 0 ]}";
const call = (oid: number, ...args: string[]) =>
  `{FUNCEXPR :funcid ${oid} :funcresulttype 23 :args (${args.join(" ")})}`;
const operator = (oid: number, ...args: string[]) =>
  `{OPEXPR :opno 5 :opfuncid ${oid} :args (${args.join(" ")})}`;

test.each([
  ["a constant argument", call(9, constant), true],
  ["no argument", "{FUNCEXPR :funcid 9 :args <>}", true],
  ["a column", call(9, constant, column), false],
  ["a column further down", call(9, call(1, operator(2, column, constant))), false],
  ["a constant call beside a column", operator(2, column, call(9, constant)), true],
  ["a call around another function's constant", call(9, call(1, constant)), true],
  ["an operator on constants", operator(9, constant, constant), true],
  ["another function", call(8, constant), false],
  ["a name with an escaped brace", `{RELABEL :name \\{FUNCEXPR\\} :arg ${call(9, column)}}`, false],
])("%s", (_, tree, expected) => {
  expect(callsWithoutColumn(`(${tree})`, new Set([9]))).toBe(expected);
});

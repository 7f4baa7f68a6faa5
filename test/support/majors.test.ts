import { expect, test } from "vitest";
import { wantedMajors } from "./majors.ts";

test("the suite runs on the oldest and the newest, unless told otherwise", () => {
  expect(wantedMajors(undefined, [13, 16, 18])).toEqual([13, 18]);
  expect(wantedMajors("", [18])).toEqual([18]);
  expect(wantedMajors("all", [13, 16, 18])).toEqual([13, 16, 18]);
  expect(wantedMajors("16, 13", [13, 16, 18])).toEqual([16, 13]);
});

test("a major that is not installed is an error and not a silent gap", () => {
  expect(() => wantedMajors("13,17", [13, 18])).toThrow("asks for 17, but installed are 13, 18");
});

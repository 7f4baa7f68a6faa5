import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../lib/trackers/shell.ts";

test("a migration's name is one word of a shell, whatever it says", () => {
  for (const name of ["20261120_add", 'it\'s $(touch x) `y` "z"', "a;b", ""]) {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(name)}`]).toString()).toBe(name);
  }
});

test("a name that would end its line is not shown", () => {
  expect(shellWord("a\nDROP TABLE b")).toBe("NAME");
});

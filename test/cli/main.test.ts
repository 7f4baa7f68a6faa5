import { describe, expect, test } from "vitest";
import { allCommands } from "../../lib/cli/commands/index.ts";
import { version } from "../../lib/cli/version.ts";
import { pgvigil } from "../support/cli.ts";

const commands = await allCommands();

test("without a word it prints its commands and says by the exit code that it did nothing", async () => {
  const { code, stdout } = await pgvigil([]);
  expect(code).toBe(5);
  const width = Math.max(...commands.map(({ name }) => name.length));
  for (const { name, summary } of commands)
    expect(stdout).toContain(`${name.padEnd(width)}  ${summary}`);
});

test("--help, help and a command's --help say the same and succeed", async () => {
  expect((await pgvigil(["--help"])).code).toBe(0);
  const [a, b] = [await pgvigil(["help", "check"]), await pgvigil(["check", "--help"])];
  expect(a).toEqual(b);
  expect(a.stdout).toContain("--fail-on SEVERITY");
});

test("--version prints the version alone", async () => {
  expect(await pgvigil(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("what cannot be understood is named, with what was probably meant, and exits 5", () => {
  test.each([
    [["chek"], "there is no command chek", "Did you mean pgvigil check?"],
    [["check", "--formt", "json"], "check has no option --formt", "Did you mean --format?"],
    [["check", "--format", "jsn"], "--format jsn: not one of", "Did you mean json?"],
    [["check", "--format", "json:"], "--format json:: not FORMAT or FORMAT:FILE", "json"],
    [["check", "--format", "json", "--format", "sarif"], "two formats cannot share stdout", "file"],
    [["check", "--only", "index/invalid"], "there is no check index/invalid", "indexes/invalid"],
    [["check", "--only", "dirty"], "there is no check dirty", "migrations/dirty"],
    [["check", "--url"], "--url needs a value", "pgvigil help check"],
    [["check", "--evidence=yes"], "--evidence takes no value", "pgvigil help check"],
    [["check", "--url", "a", "--url", "b"], "--url is given twice", "once"],
    [
      ["check", "--url", "postgres://a/b", "--target", "b"],
      "--url is a database of no configuration",
      "one of them",
    ],
    [["check", "shop"], 'what is "shop"?', "pgvigil help check"],
    [["check", "--url", "nonsense"], "This is no connection URL", "postgres://"],
    [["check", "--replay", "/none.json"], "cannot read /none.json", "run document"],
    [["explain"], "explain needs ID", "pgvigil help explain"],
    [["explain", "indexes/invald"], "there is no check indexes/invald", "indexes/invalid"],
    [["completion", "fish"], "not one of bash, zsh", ""],
    [["help", "chekc"], "there is no command chekc", "check"],
  ])("%j", async (args, what, cure) => {
    const { code, stdout, stderr } = await pgvigil(args);
    expect(code).toBe(5);
    expect(stdout).toBe("");
    expect(stderr).toContain(what);
    expect(stderr).toContain(cure);
    expect(stderr).not.toMatch(/\n\s+at /); // no stack
  });
});

test("a word with control characters never reaches the terminal as such", async () => {
  const { stderr } = await pgvigil(["\u001b[31mred"]);
  expect(stderr).not.toContain("\u001b");
  expect(stderr).toContain("\\u{1b}[31mred");
});

test("explain prints the page of a check, and checks lists them by profile", async () => {
  const page = await pgvigil(["explain", "server/unreachable"]);
  expect(page.stdout).toMatch(/^# server\/unreachable\n/);
  const pulse = await pgvigil(["checks", "--profile", "pulse", "--format", "json"]);
  const rows: { id: string; profiles: string[] }[] = JSON.parse(pulse.stdout);
  expect(rows.every(({ profiles }) => profiles.includes("pulse"))).toBe(true);
  expect(rows.map(({ id }) => id)).toContain("server/unreachable");
});

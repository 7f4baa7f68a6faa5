import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";

/** The program as a shell starts it, in a shell that makes its stdout what it should be. */
async function inShell(script: string): Promise<string> {
  const program = join(import.meta.dirname, "../../bin/pgvigil.ts");
  const command = `p() { "${process.execPath}" "${program}" "$@"; }; ${script}`;
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command]);
  return stdout + stderr;
}

test("a reader who has seen enough ends nothing and costs no word", async () => {
  const said = await inShell("set -o pipefail; p checks --format json | true; echo exit $?");
  expect(said).toBe("exit 0\n");
});

test.runIf(process.platform === "linux")("a full disk under stdout is told in a line", async () => {
  const said = await inShell("p checks > /dev/full; echo exit $?");
  expect(said).toMatch(/^exit 5\npgvigil: cannot write to stdout: ENOSPC.*\n$/);
});

test("what was seen is printed although the store cannot keep it", async () => {
  const said = await pgvigil([
    ...["check", "--url", "postgres://u@127.0.0.1:1/shop", "--only", "server/unreachable"],
    ...["--store", import.meta.filename],
  ]);
  expect(said.code).toBe(5);
  expect(said.stdout).toContain("127.0.0.1:1 refused the connection");
  expect(said.stderr).toMatch(/cannot write to the store .*: it is no folder/);
});

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";
import { allCommands } from "../../lib/cli/commands/index.ts";
import { pgvigil } from "../support/cli.ts";

const commands = await allCommands();

const folder = await mkdtemp(join(tmpdir(), "pgvigil-completion-"));
afterAll(() => rm(folder, { recursive: true }));

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ["-c", "true"]);
    return true;
  } catch {
    return false;
  }
};

/** What bash would offer after these words, the last of which is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = join(folder, "completion.bash");
  await writeFile(script, (await pgvigil(["completion", "bash"])).stdout);
  const quoted = ["pgvigil", ...words].map((word) => `'${word}'`).join(" ");
  const program = `source '${script}'
    COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}
    _pgvigil; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", program], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

describe.runIf(has("bash"))("in bash", () => {
  test("the first word is a command", async () => {
    expect(await offered("")).toEqual(["help", ...commands.map(({ name }) => name)]);
    expect(await offered("doc")).toEqual(["doctor"]);
  });

  test("a command's options and the values they take follow", async () => {
    expect(await offered("check", "--fa")).toEqual(["--fail-on"]);
    expect(await offered("check", "--fail-on", "")).toContain("critical");
    expect(await offered("explain", "server/")).toEqual(
      checks.map(({ id }) => id).filter((id) => id.startsWith("server/")),
    );
    expect(await offered("completion", "")).toEqual(["bash", "zsh"]);
  });

  test("a file's name is completed where a file is wanted", async () => {
    await writeFile(join(folder, "run.json"), "");
    expect(await offered("check", "--replay", `${folder}/ru`)).toEqual([`${folder}/run.json`]);
  });
});

test.runIf(has("zsh"))(
  "in zsh the script defines a completion that names every command",
  async () => {
    const script = join(folder, "_pgvigil");
    await writeFile(script, (await pgvigil(["completion", "zsh"])).stdout);
    // The completion system itself, driven without a terminal: what _describe and _arguments are told.
    const program = `
    autoload -Uz compinit && compinit -u -D -d ${folder}/dump
    source ${script}
    print -r -- "registered: $_comps[pgvigil]"
    _describe() { print -rl -- "\${(@P)2}" }
    _arguments() { print -rl -- "$@" }
    words=(pgvigil ''); CURRENT=2; _pgvigil
    words=(pgvigil check ''); CURRENT=3; _pgvigil`;
    const said = execFileSync("zsh", ["-f", "-c", program], { encoding: "utf8" });
    expect(said).toContain("registered: _pgvigil");
    for (const { name } of commands) expect(said).toMatch(new RegExp(`^${name}:`, "m"));
    expect(said).toContain("--fail-on[");
    expect(said).toContain("*--format[");
  },
);

import { checks } from "../../checks/index.ts";
import { exitCodes } from "../../core/exit-code.ts";
import type { Command } from "../command.ts";
import { bashCompletion, zshCompletion } from "../completion.ts";
import { print } from "../io.ts";
import { allCommands } from "./index.ts";

export const completion: Command = {
  name: "completion",
  summary: "Print what makes a shell complete pgvigil's words",
  positionals: [{ name: "SHELL", summary: "bash or zsh", choices: ["bash", "zsh"] }],
  flags: {},
  examples: ['eval "$(pgvigil completion bash)"'],
  async run({ positionals: [shell] }, io) {
    const vocabulary = { commands: await allCommands(), checks: checks.map(({ id }) => id) };
    print(io, shell === "zsh" ? zshCompletion(vocabulary) : bashCompletion(vocabulary));
    return exitCodes.healthy;
  },
};

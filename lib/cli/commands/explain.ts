import { exitCodes } from "../../core/exit-code.ts";
import { checkPage } from "../../render/check-page.ts";
import { checkOf } from "../check-of.ts";
import type { Command } from "../command.ts";
import { print } from "../io.ts";

export const explain: Command = {
  name: "explain",
  summary: "What a check finds, why it matters, and its options",
  positionals: [{ name: "ID", summary: "a check, such as indexes/invalid", completes: "check" }],
  flags: {},
  examples: ["pgvigil explain indexes/invalid"],
  async run({ positionals: [id = ""] }, io) {
    print(io, checkPage(checkOf(id)));
    return exitCodes.healthy;
  },
};

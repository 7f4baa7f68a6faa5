import { checks } from "../../checks/index.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { profileNames } from "../../core/profile.ts";
import type { Command } from "../command.ts";
import { columns } from "../help.ts";
import { print } from "../io.ts";

export const checksCommand: Command = {
  name: "checks",
  summary: "List the checks",
  flags: {
    profile: {
      type: "text",
      value: "NAME",
      choices: profileNames,
      summary: "Only those that this profile holds",
    },
    format: { type: "text", value: "FORMAT", choices: ["text", "json"], summary: "How to print" },
  },
  examples: ["pgvigil checks --profile nightly"],
  async run(words, io) {
    const profile = words.text("profile");
    const listed = checks.filter(
      ({ profiles }) => profile === undefined || profiles.some((name) => name === profile),
    );
    if (words.text("format") === "json") {
      const rows = listed.map(({ id, title, failureTitle, why, profiles, source }) => ({
        id,
        title,
        failureTitle,
        why,
        profiles,
        source,
      }));
      print(io, JSON.stringify(rows, null, 2));
    } else {
      print(io, columns(listed.map(({ id, failureTitle }) => [id, failureTitle])));
    }
    return exitCodes.healthy;
  },
};

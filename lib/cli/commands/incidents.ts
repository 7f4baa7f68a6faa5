import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { sayTarget } from "../../core/target.ts";
import { incidentTable } from "../../render/incident-table.ts";
import { jsonText } from "../../render/json-text.ts";
import { postMortem } from "../../render/post-mortem.ts";
import type { Command, Words } from "../command.ts";
import { incidentFlags } from "../flags.ts";
import { documentsOf, meantBy } from "../incidents/find.ts";
import { type IncidentFleet, incidentFleetOf } from "../incidents/fleet.ts";
import { rowsOf, storyOf } from "../incidents/shown.ts";
import { type Io, print, wantsColour } from "../io.ts";

export const incidents: Command = {
  name: "incidents",
  summary: "List what is open, or show one incident as the skeleton of a post-mortem",
  positionals: [
    { name: "show", summary: "One incident, whole", optional: true, choices: ["show"] },
    { name: "FINGERPRINT", summary: "Six of its digits or more", optional: true },
  ],
  flags: {
    ...incidentFlags,
    all: { type: "switch", summary: "What ended in the last seven days too" },
    format: {
      type: "text",
      value: "FORMAT",
      choices: ["text", "json", "markdown"],
      summary: "How to print",
    },
  },
  examples: [
    "pgvigil incidents --target 'production/*'",
    "pgvigil incidents show 7f3a91c2 --format markdown",
  ],
  async run(words, io) {
    const fleet = await incidentFleetOf(words, io);
    return words.positionals.length > 0 ? show(fleet, words, io) : list(fleet, words, io);
  },
};

async function list({ store, targets }: IncidentFleet, words: Words, io: Io): Promise<number> {
  const at = io.clock().toISOString();
  const documents = await documentsOf(store, targets);
  const rows = documents.flatMap((document) => rowsOf(document, at, words.has("all")));
  const text =
    words.text("format") === "json"
      ? jsonText(rows)
      : incidentTable(rows, wantsColour(io, "stdout"));
  print(io, text);
  return exitCodes.healthy;
}

async function show(fleet: IncidentFleet, words: Words, io: Io): Promise<number> {
  const [, word] = words.positionals;
  if (word === undefined) {
    throw new UsageError("which incident?", "pgvigil incidents show 7f3a91c2");
  }
  const documents = await documentsOf(fleet.store, fleet.targets);
  const { fingerprint } = meantBy(word, documents);
  const document = documents.find(({ incidents }) => incidents[fingerprint] !== undefined);
  const incident = document?.incidents[fingerprint];
  if (document === undefined || incident === undefined) {
    throw new UsageError(`${word} is what a check cannot say`, "pgvigil incidents lists it whole.");
  }
  const { target } = document;
  const policy = (await fleet.policies())(target);
  const story = storyOf(document, incident, policy, io.clock().toISOString());
  const isJson = words.text("format") === "json";
  print(io, isJson ? jsonText({ ...incident, target: sayTarget(target) }) : postMortem(story));
  return exitCodes.healthy;
}

import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { differencesBetween, sayPrinted } from "../../schema/canonical/differences.ts";
import { withCauses } from "../../schema/refine.ts";
import type { Snapshot } from "../../schema/snapshot.ts";
import type { Command } from "../command.ts";
import { diffEnvironments } from "../environments.ts";
import { targetFlags } from "../flags.ts";
import { print, say, wantsColour } from "../io.ts";
import { printDiff } from "../print-diff.ts";
import { snapshotAt } from "../snapshots.ts";
import { whole } from "./seal.ts";
import { tellUnread } from "./snapshot.ts";

const addresses = "E/T (now), E/T@last, E/T@baseline, sha256:…, or a file";

export const diff: Command = {
  name: "diff",
  summary: "What differs between two schemas, object by object",
  description:
    "Exits 0 where nothing differs, 1 where something does, 6 where not all could be read.",
  positionals: [
    { name: "A", summary: addresses, completes: "file", optional: true },
    { name: "B", summary: "the same", completes: "file", optional: true },
  ],
  flags: {
    ...targetFlags,
    environments: {
      type: "switch",
      summary: "Objects by environments, from the newest snapshot of each: = ~ + - ?",
    },
    format: { type: "text", value: "FORMAT", choices: ["text", "json"], summary: "How to print" },
  },
  examples: [
    "pgvigil diff --environments --target orders",
    "pgvigil diff before.json after.json",
    "pgvigil diff production/orders@baseline production/orders",
  ],
  async run(words, io) {
    if (words.has("environments")) return diffEnvironments(words, io);
    const [a = "", b] = words.positionals;
    if (b === undefined) {
      throw new UsageError(
        `diff needs ${a === "" ? "A and B" : "B"}: ${addresses}`,
        "pgvigil help diff; --environments compares all of a configuration.",
      );
    }
    const [before, after] = [await snapshotAt(a, words, io), await snapshotAt(b, words, io)];
    if (before.tree.checksum === after.tree.checksum) {
      print(io, words.text("format") === "json" ? "[]" : "No difference.");
      return complete([before, after], [a, b], io) ? exitCodes.healthy : exitCodes.unknown;
    }
    const sides = [whole(before, a), whole(after, b)] as const;
    const { differences: all, alike } = await differencesBetween(...sides);
    const differences = withCauses(all, { before: sides[0], after: sides[1] });
    print(
      io,
      words.text("format") === "json"
        ? JSON.stringify(differences, null, 2)
        : printDiff(differences, wantsColour(io, "stdout")),
    );
    for (const line of sayPrinted(alike, ...sides)) say(io, line);
    const isComplete = complete([before, after], [a, b], io);
    if (differences.length > 0) return exitCodes.findings;
    return isComplete ? exitCodes.healthy : exitCodes.unknown;
  },
};

type Read = Pick<Snapshot, "unread" | "unmodelled">;

function complete(sides: readonly Read[], names: readonly string[], io: Parameters<typeof say>[0]) {
  const whole = sides.map((side, i) => {
    if (side.unread.length > 0) say(io, printable(`${names[i]} is incomplete:`));
    const isSaid = JSON.stringify(side.unmodelled) === JSON.stringify(sides[i - 1]?.unmodelled);
    return tellUnread({ unread: side.unread, unmodelled: isSaid ? {} : side.unmodelled }, io);
  });
  return whole.every(Boolean);
}

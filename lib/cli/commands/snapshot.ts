import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { count } from "../../core/units.ts";
import { snapshotTexts } from "../../schema/file.ts";
import { sayUnmodelled } from "../../schema/judgement.ts";
import { type Snapshot, sizeOf } from "../../schema/snapshot.ts";
import { keepSnapshot } from "../../schema/stored.ts";
import type { Command } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { fleetOf } from "../fleet.ts";
import { type Io, say } from "../io.ts";
import { liveSnapshot, onlyTarget } from "../live-snapshot.ts";
import { writeInPieces } from "../write.ts";

export const snapshot: Command = {
  name: "snapshot",
  summary: "Take the canonical schema of a database, with its checksum",
  flags: {
    ...targetFlags,
    output: {
      type: "text",
      value: "FILE",
      summary: "Where to write it; stdout otherwise",
      completes: "file",
    },
    "seal-only": { type: "switch", summary: "The checksums alone, without the objects" },
  },
  examples: [
    "pgvigil snapshot --url postgres://localhost/shop --output before.json",
    "pgvigil snapshot --target production/orders --seal-only",
  ],
  async run(words, io) {
    const fleet = await fleetOf(words, io);
    const each = onlyTarget(fleet);
    const sealOnly = words.has("seal-only");
    const taken = await liveSnapshot(each, io, { isSeal: sealOnly && fleet.store === undefined });
    if (fleet.store !== undefined && taken.complete) await keepSnapshot(fleet.store, taken);
    const texts = snapshotTexts(taken, { sealOnly });
    await writeInPieces(words.text("output"), texts, io);
    const objects = count(sizeOf(taken), "object");
    say(io, printable(`${sayTarget(each.target)}: ${taken.tree.checksum}, ${objects}`));
    return tellUnread(taken, io) ? exitCodes.healthy : exitCodes.unknown;
  },
};

/** Says what is not in it; true where nothing is missing. */
export function tellUnread(
  { unread, unmodelled }: Pick<Snapshot, "unread" | "unmodelled">,
  io: Io,
) {
  for (const { kind, identity, cause } of unread) {
    say(io, printable(`not read (${cause}): ${kind} ${identity}`));
  }
  const others = sayUnmodelled(unmodelled);
  if (others.length > 0) say(io, printable(`not compared: ${others.join(", ")}`));
  return unread.length === 0;
}

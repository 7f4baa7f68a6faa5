import { whoIsThere } from "../../adapters/local/who.ts";
import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { seal as sealSnapshot } from "../../schema/baseline.ts";
import { SnapshotError, type StoredSnapshot } from "../../schema/file.ts";
import type { Snapshot } from "../../schema/snapshot.ts";
import type { Command } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { fleetOf } from "../fleet.ts";
import { print } from "../io.ts";
import { fromFile, liveSnapshot, onlyTarget } from "../snapshots.ts";

export const seal: Command = {
  name: "seal",
  summary: "Approve a schema as the baseline that a target is held against",
  flags: {
    ...targetFlags,
    why: { type: "text", value: "TEXT", summary: "The reason; kept with the seal" },
    by: { type: "text", value: "NAME", summary: "Who approves; git's e-mail otherwise" },
    from: {
      type: "text",
      value: "FILE",
      summary: "A snapshot that was taken before, instead of a new one",
      completes: "file",
    },
  },
  examples: ['pgvigil seal --target production/orders --why "release 41, reviewed"'],
  async run(words, io) {
    const why = words.text("why");
    if (why === undefined || why.trim() === "") {
      throw new UsageError("a seal needs a reason", '--why "release 41, reviewed"');
    }
    const fleet = await fleetOf(words, io);
    const { store } = fleet;
    if (store === undefined) {
      throw new UsageError(
        "a seal is kept in a store, and none is named",
        "--store DIR, or store: in the configuration",
      );
    }
    const by = words.text("by") ?? (await whoIsThere(io.cwd));
    const from = words.text("from");
    const targets = from === undefined ? fleet.targets : [onlyTarget(fleet)];
    for (const each of targets) {
      const taken =
        from === undefined ? await liveSnapshot(each, io) : whole(await fromFile(from, io), from);
      const { checksum } = await sealSnapshot(store, each.target, taken, {
        by,
        why,
        now: io.clock(),
      });
      print(io, printable(`sealed ${sayTarget(each.target)} ${checksum} by ${by}`));
    }
    return exitCodes.healthy;
  },
};

/** @throws SnapshotError for a seal without its objects: it could say that, not what differs */
export function whole({ facts, ...head }: StoredSnapshot, file: string): Snapshot {
  if (facts !== undefined) return { ...head, facts };
  throw new SnapshotError(
    `${file} holds the checksums alone`,
    "Take it without --seal-only: a baseline needs the objects, to say what differs.",
  );
}

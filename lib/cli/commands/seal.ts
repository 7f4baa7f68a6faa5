import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import type { Store } from "../../core/ports.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { sayTime } from "../../core/units.ts";
import { sealLast } from "../../run/seal-last.ts";
import { loadBaseline, type Seal, seal as sealSnapshot } from "../../schema/baseline.ts";
import { hasObjects, SnapshotError, type StoredSnapshot } from "../../schema/file.ts";
import type { Snapshot } from "../../schema/snapshot.ts";
import type { Command } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { type Fleet, fleetOf } from "../fleet.ts";
import { type Io, print } from "../io.ts";
import { onlyTarget } from "../live-snapshot.ts";
import { fromFile, sealable } from "../snapshots.ts";
import { byWhom } from "../store.ts";

export const seal: Command = {
  name: "seal",
  summary: "Approve a schema as the baseline that a target is held against",
  flags: {
    ...targetFlags,
    why: { type: "text", value: "TEXT", summary: "The reason; kept with the seal" },
    by: {
      type: "text",
      value: "NAME",
      summary: "Who approves; your ARN or git's e-mail otherwise",
    },
    from: {
      type: "text",
      value: "FILE",
      summary: "A snapshot that was taken before, instead of a new one",
      completes: "file",
    },
    last: {
      type: "switch",
      summary: "The schema as the last look in the store saw it: no database is asked",
    },
    list: { type: "switch", summary: "Print what was sealed so far, newest first" },
  },
  examples: [
    'pgvigil seal --target production/orders --why "release 41, reviewed"',
    'pgvigil seal --store s3://bucket --target production/orders --last --why "reviewed"',
    "pgvigil seal --target production/orders --list",
  ],
  async run(words, io) {
    if (words.has("list")) return list(await fleetOf(words, io), io);
    const why = words.text("why");
    if (why === undefined || why.trim() === "") {
      throw new UsageError("a seal needs a reason", '--why "release 41, reviewed"');
    }
    if (words.has("last") && words.has("from")) {
      throw new UsageError("--last and --from are two schemas", "Which one is right?");
    }
    const fleet = await fleetOf(words, io);
    const store = storeIn(fleet);
    const by = await byWhom(words, io, store);
    const from = words.text("from");
    const targets = from === undefined ? fleet.targets : [onlyTarget(fleet)];
    for (const each of words.has("last") ? targets : []) {
      const approval = { by, why, now: io.clock() };
      const { seal, lookedAt } = await sealLast(store, each.target, approval, each.typed);
      const of = `as looked at on ${sayTime(lookedAt)}`;
      print(io, printable(`sealed ${sayTarget(each.target)} ${seal.checksum}, ${of}, by ${by}`));
    }
    for (const each of words.has("last") ? [] : targets) {
      const { snapshot, migrations } =
        from === undefined
          ? await sealable(each, io)
          : { snapshot: whole(await fromFile(from, io), from), migrations: undefined };
      const approval = { by, why, now: io.clock(), migrations };
      const { checksum } = await sealSnapshot(store, each.target, snapshot, approval);
      print(io, printable(`sealed ${sayTarget(each.target)} ${checksum} by ${by}`));
    }
    return exitCodes.healthy;
  },
};

function storeIn({ store }: Fleet): Store {
  if (store !== undefined) return store;
  throw new UsageError(
    "a seal is kept in a store, and none is named",
    "--store DIR, or store: in the configuration",
  );
}

/** The history of each target: who sealed what, when, why, and with which migrations. */
async function list(fleet: Fleet, io: Io): Promise<number> {
  const store = storeIn(fleet);
  for (const { target } of fleet.targets) {
    const history = (await loadBaseline(store, target))?.history ?? [];
    if (history.length === 0) print(io, `${sayTarget(target)}: nothing sealed yet`);
    for (const one of history.toReversed()) {
      print(io, printable(`${sayTarget(target)} ${sayingOf(one)}`));
    }
  }
  return exitCodes.healthy;
}

const sayingOf = ({ at, checksum, by, why, migrations = [] }: Seal): string => {
  const newest = migrations.flatMap((head) => head.newest.at(-1)?.version ?? []);
  const up = newest.length > 0 ? `, at migration ${newest.join(" and ")}` : "";
  return `${sayTime(at)} ${checksum.slice(0, 19)} by ${by}: ${why}${up}`;
};

/** @throws SnapshotError for a seal without its objects: it could say that, not what differs */
export function whole(stored: StoredSnapshot, file: string): Snapshot {
  if (hasObjects(stored)) return stored;
  throw new SnapshotError(
    `${file} holds the checksums alone`,
    "Take it without --seal-only: a baseline needs the objects, to say what differs.",
  );
}

import { activity } from "../../checks/reads/activity.ts";
import { blockingTrees } from "../../core/activity/trees.ts";
import { hiddenSessions } from "../../core/activity/who.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { rowsAs } from "../../core/typed.ts";
import { lockTrees } from "../../render/lock-trees.ts";
import type { Command } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { fleetOf } from "../fleet.ts";
import { print, say } from "../io.ts";

export const locks: Command = {
  name: "locks",
  summary: "Who waits for whom, now",
  flags: targetFlags,
  examples: ["pgvigil locks --target production/orders"],
  async run(words, io) {
    const { targets, limits } = await fleetOf(words, io);
    let waiting = false;
    let blind = false;
    for (const { target, open } of targets) {
      await using session = await open(limits, io.signal);
      const sql = typeof activity.sql === "string" ? activity.sql : activity.sql(session.server);
      const rows = await session.rows({ id: activity.id, sql });
      const [picture] = rowsAs(activity.row, rows, activity.id, 1);
      const trees = blockingTrees(picture);
      const hidden = hiddenSessions(picture, session.server.role);
      waiting ||= trees.length > 0;
      blind ||= hidden !== undefined;
      if (targets.length > 1) print(io, `${printable(sayTarget(target))}:`);
      print(io, trees.length === 0 ? "Nobody waits for a lock." : lockTrees(trees));
      if (hidden !== undefined) {
        say(
          io,
          printable(`${hidden.reason}${hidden.cure === undefined ? "" : `: ${hidden.cure}`}`),
        );
      }
    }
    if (waiting) return exitCodes.findings;
    return blind ? exitCodes.unknown : exitCodes.healthy;
  },
};

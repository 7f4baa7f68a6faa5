import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { count } from "../../core/units.ts";
import { adopt as adoptAll, adoptable } from "../../incidents/accept.ts";
import { changeIncidents } from "../../incidents/stored.ts";
import type { Command } from "../command.ts";
import { incidentFlags } from "../flags.ts";
import { documentsOf } from "../incidents/find.ts";
import { incidentFleetOf } from "../incidents/fleet.ts";
import { needed } from "../incidents/notify-run.ts";
import { print } from "../io.ts";
import { byWhom } from "../store.ts";

export const adopt: Command = {
  name: "adopt",
  summary: "Mark what is open as known: counted, and told again when it worsens",
  flags: {
    ...incidentFlags,
    why: { type: "text", value: "TEXT", summary: "The reason; kept with each incident" },
    by: { type: "text", value: "NAME", summary: "Who it is; your ARN or git's e-mail otherwise" },
  },
  examples: [`pgvigil adopt --target 'production/*' --why "was here before us"`],
  async run(words, io) {
    const why = needed(words, "why", '--why "was here before us"');
    if (!words.has("target") && !words.has("environment")) {
      throw new UsageError("adopt what?", "--target 'production/*', --environment staging");
    }
    const { store, targets } = await incidentFleetOf(words, io);
    const by = await byWhom(words, io, store);
    const at = io.clock().toISOString();
    const documents = await documentsOf(store, targets);
    if (documents.length === 0) {
      throw new UsageError(
        "no target of that name has incidents",
        "pgvigil incidents lists what is open, and where",
      );
    }
    for (const document of documents) {
      const { target } = document;
      await changeIncidents(store, target, (now) => now && adoptAll(now, { by, why, at }));
      const known = count(adoptable(document), "incident");
      print(io, printable(`${sayTarget(target)}: ${known} known from now on`));
    }
    return exitCodes.healthy;
  },
};

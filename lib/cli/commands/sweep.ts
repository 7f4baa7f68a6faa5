import { exitCodes } from "../../core/exit-code.ts";
import { sweep as sweepAll } from "../../incidents/sweep.ts";
import { deliveryOf } from "../alerts/delivery.ts";
import { alertFlags } from "../alerts/flags.ts";
import type { Command } from "../command.ts";
import { incidentFlags } from "../flags.ts";
import { incidentFleetOf } from "../incidents/fleet.ts";
import { tellTroubles } from "../incidents/notify-run.ts";
import { leaveToDeployment } from "../incidents/taken-in.ts";

export const sweep: Command = {
  name: "sweep",
  summary: "Let time pass for incidents: reminders, ends of silence, targets that nobody looks at",
  description: "For cron, every few minutes. No database is asked.",
  flags: { config: incidentFlags.config, store: incidentFlags.store, ...alertFlags },
  examples: ["pgvigil sweep --store /var/lib/pgvigil"],
  async run(words, io) {
    const { store, all, policies } = await incidentFleetOf(words, io);
    const policyOf = await policies();
    const delivery = await deliveryOf(words, io);
    await leaveToDeployment(words, store, all);
    const { clock } = io;
    const troubles = await sweepAll({ store, targets: all, policyOf, delivery, clock });
    tellTroubles(troubles, io);
    return troubles.length === 0 ? exitCodes.healthy : exitCodes.unknown;
  },
};

import { exitCodes } from "../../core/exit-code.ts";
import type { Store } from "../../core/ports.ts";
import { lastBefore, type Schedule } from "../../core/schedule.ts";
import { digestSent, gatherDigest, lastDigest } from "../../incidents/digest.ts";
import { sendAll } from "../../incidents/outbox.ts";
import { digestMail } from "../../render/alerts/digest-mail.ts";
import { digestMarkdown } from "../../render/alerts/digest-markdown.ts";
import { jsonText } from "../../render/json-text.ts";
import { watchesIn } from "../../service/digest.ts";
import { clockOf, deliveryOf, settingsOf } from "../alerts/delivery.ts";
import { alertFlags } from "../alerts/flags.ts";
import type { Command } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { incidentFleetOf } from "../incidents/fleet.ts";
import { tellTroubles } from "../incidents/notify-run.ts";
import { leaveToDeployment } from "../incidents/taken-in.ts";
import { print } from "../io.ts";

export const digest: Command = {
  name: "digest",
  summary: "The morning mail: the state of the fleet, and what changed since the last",
  description: "Printed, or sent and then marked as told. For cron. No database is asked.",
  flags: {
    config: targetFlags.config,
    store: targetFlags.store,
    ...alertFlags,
    format: {
      type: "text",
      value: "FORMAT",
      choices: ["text", "json", "markdown"],
      summary: "How to print",
    },
  },
  examples: ["pgvigil digest --store .pgvigil", "pgvigil digest --send"],
  async run(words, io) {
    const fleet = await incidentFleetOf(words, io);
    const delivery = await deliveryOf(words, io);
    const { store, all } = fleet;
    await leaveToDeployment(words, store, all);
    const now = io.clock();
    const gathered = await gatherDigest({
      store,
      targets: all,
      policyOf: await fleet.policies(),
      due: await dueBefore(fleet.digest, store, now),
      now,
      watches: await watchesIn(store),
    });
    const format = words.text("format");
    if (delivery === undefined || format !== undefined) {
      const settings = { ...settingsOf(words, []), ...(await clockOf(words, io)) };
      const formats = {
        text: () => digestMail(gathered, settings),
        json: () => jsonText(gathered),
        markdown: () => digestMarkdown(gathered),
      };
      print(io, formats[format === "json" || format === "markdown" ? format : "text"]());
    }
    if (delivery === undefined) return exitCodes.healthy;
    const { troubles, isDone } = await sendAll(delivery.renderers.digest(gathered), delivery);
    tellTroubles(troubles, io);
    if (isDone) await digestSent(store, gathered);
    return isDone ? exitCodes.healthy : exitCodes.unknown;
  },
};

/** One that is made again is the same; one that is asked for between two is another. */
async function dueBefore(schedule: Schedule | undefined, store: Store, now: Date): Promise<Date> {
  const due = schedule === undefined ? undefined : lastBefore(schedule, now);
  const last = await lastDigest(store);
  if (due === undefined || (last !== undefined && Date.parse(last) >= due.getTime())) return now;
  return due;
}

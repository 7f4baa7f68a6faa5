import { randomUUID } from "node:crypto";
import type { Bulletin } from "../../core/alert.ts";
import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sendAll } from "../../incidents/outbox.ts";
import { configured, deliveryOf, deliveryTo, outletOf, settingsOf } from "../alerts/delivery.ts";
import { alertFlags, wantsAlerts } from "../alerts/flags.ts";
import type { Command, Words } from "../command.ts";
import { targetFlags } from "../flags.ts";
import { type Io, print, say } from "../io.ts";
import { readConfig } from "../read-config.ts";
import { stackFlags, worldOf } from "../stack.ts";
import { version } from "../version.ts";

export const alertTest: Command = {
  name: "alert-test",
  summary: "Send one marked message through every channel",
  description:
    "Without flags: through every webhook of the configuration, whatever it filters by. With --stack through the topics of a deployment: what their subscriptions filter by holds, and the message is of the environment test. A page is ended at once.",
  flags: {
    config: targetFlags.config,
    ...alertFlags,
    stack: { ...stackFlags.stack, summary: "Through the topics of this deployment: Pgvigil" },
    region: stackFlags.region,
  },
  examples: [
    "pgvigil alert-test",
    "pgvigil alert-test --stack Pgvigil",
    "pgvigil alert-test --webhook slack:SLACK_URL --alerts out",
  ],
  async run(words, io) {
    const delivery = await deliveryFor(words, io);
    const bulletin = testBulletin(io.clock(), randomUUID());
    const messages = delivery.renderers.bulletin(bulletin);
    let failed = 0;
    for (const outlet of delivery.outlets) {
      const { troubles } = await sendAll(messages, { ...delivery, outlets: [outlet] });
      const [trouble] = troubles;
      if (trouble === undefined) {
        print(io, printable(`sent to ${outlet.name}`));
      } else {
        failed += 1;
        say(io, printable(`pgvigil: ${outlet.name}: ${trouble.why}`));
      }
    }
    return failed === 0 ? exitCodes.healthy : exitCodes.unknown;
  },
};

/** Who filters is asked all the same: the question is whether the way is open. */
async function deliveryFor(words: Words, io: Io) {
  const settings = settingsOf(words, []);
  const stack = words.text("stack");
  if (stack !== undefined) {
    const region = (await readConfig(words, io))?.config.aws?.region;
    const { stackOutlets } = await import("../../adapters/aws/deployment/outlets.ts");
    const topics = await stackOutlets(stack, worldOf(words, io, region));
    const others = wantsAlerts(words) ? await deliveryOf(words, io) : undefined;
    return deliveryTo([...(others?.outlets ?? []), ...topics], settings);
  }
  if (wantsAlerts(words) && !words.has("send")) {
    const delivery = await deliveryOf(words, io);
    if (delivery !== undefined) return delivery;
  }
  const all = await configured(words, io);
  const flagged = await deliveryOf({ ...words, has: (f) => f !== "send" && words.has(f) }, io);
  const outlets = all.map(({ name, topic, format }) =>
    outletOf({ name, topic, format }, settings, io),
  );
  if (outlets.length === 0) throw new UsageError("nobody to send to", "--webhook slack:SLACK_URL");
  return deliveryTo([...(flagged?.outlets ?? []), ...outlets], settings);
}

function testBulletin(now: Date, id: string): Bulletin {
  const at = now.toISOString();
  const fingerprint = id.replaceAll("-", "").slice(0, 16);
  const severity = "critical" as const;
  return {
    id: `test-${id}`,
    at,
    target: { environment: "test", name: "alert" },
    alerts: [
      {
        id: `test-${id}-1`,
        status: "test",
        at,
        check: "alerts/test",
        title: "A test of the alerts",
        why: "An alert that nobody receives is none: send one now and then.",
        severity,
        finding: {
          fingerprint,
          object: { kind: "alert", identity: "test" },
          severity,
          summary: "This is a test: pgvigil can reach you here. Nothing is wrong",
          detail: [`Sent at ${at} by pgvigil ${version}. There is nothing to do.`],
          evidence: {},
        },
        openedAt: at,
        samples: [],
        consequences: [],
      },
    ],
    changes: [],
    alsoHere: { critical: 0, warning: 0, notice: 0 },
    notChecked: [],
    links: {},
  };
}

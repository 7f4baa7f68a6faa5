import { resolve } from "node:path";
import { alertFolder } from "../../adapters/local/alert-folder.ts";
import { addressIn } from "../../adapters/webhook/address.ts";
import { webhook } from "../../adapters/webhook/outlet.ts";
import type { Outlet, Topic } from "../../core/alert.ts";
import { UsageError } from "../../core/errors.ts";
import {
  formatFor,
  isWanted,
  topicFor,
  type WebhookFormat,
  type Wishes,
  webhookFormats,
} from "../../core/subscription.ts";
import { sayFlags, sayTarget, type Target, type Typed } from "../../core/target.ts";
import type { Delivery } from "../../incidents/outbox.ts";
import { renderDigest } from "../../render/alerts/digest.ts";
import { renderBulletin } from "../../render/alerts/index.ts";
import { plainOf } from "../../render/alerts/plain.ts";
import type { AlertSettings } from "../../render/alerts/settings.ts";
import { webhookBody } from "../../render/alerts/webhook.ts";
import type { Words } from "../command.ts";
import type { Io } from "../io.ts";
import { readConfig } from "../read-config.ts";
import { typedPlaces } from "../typed.ts";
import { subscriptionsOf } from "./subscriptions.ts";

/** A webhook as flags or the configuration say it. */
export interface Wanted extends Wishes {
  readonly name: string;
  readonly topic: Topic;
  readonly format: WebhookFormat;
}

/** A target as its user typed it. */
export interface Reached {
  readonly target: Target;
  readonly typed: Typed;
}

/**
 * Who makes messages and who takes them away, as flags say; nothing where none does.
 *
 * @throws UsageError for an address that is none
 */
export async function deliveryOf(
  words: Words,
  io: Io,
  reached: readonly Reached[] = [],
): Promise<Delivery | undefined> {
  const settings = { ...settingsOf(words, reached), ...(await clockOf(words, io)) };
  const wanted = [...flagged(words), ...(words.has("send") ? await configured(words, io) : [])];
  const folder = words.text("alerts");
  const outlets = [
    ...(folder === undefined ? [] : [alertFolder(resolve(io.cwd, folder))]),
    ...wanted.map((one) => outletOf(one, settings, io)),
  ];
  return outlets.length === 0 ? undefined : deliveryTo(outlets, settings);
}

/** Whose clocks the configuration goes by. */
export async function clockOf(words: Words, io: Io): Promise<Pick<AlertSettings, "timezone">> {
  const found = words.has("url") ? undefined : await readConfig(words, io);
  return found === undefined ? {} : { timezone: found.config.timezone };
}

export const deliveryTo = (outlets: readonly Outlet[], settings: AlertSettings): Delivery => ({
  outlets,
  renderers: {
    bulletin: (bulletin) => renderBulletin(bulletin, settings),
    digest: (digest) => renderDigest(digest, settings),
    plain: plainOf,
  },
});

/** Commands in an alert reach a target as it was reached for the run behind it. */
export function settingsOf(words: Words, reached: readonly Reached[]): AlertSettings {
  const places = typedPlaces(words);
  const typed = new Map(reached.map((each) => [sayTarget(each.target), each.typed]));
  return {
    places,
    flags: (target) => {
      const said = sayTarget(target);
      const url = target.environment === "adhoc" ? '--url "$DATABASE_URL"' : undefined;
      return sayFlags(said, typed.get(said) ?? { url, places });
    },
  };
}

export function outletOf(wanted: Wanted, settings: AlertSettings, { env }: Io): Outlet {
  const { name, topic, format } = wanted;
  const address = addressIn(name, env);
  if (format === "pagerduty" && address.key === undefined) {
    throw new UsageError(
      `${name} holds no routing key for PagerDuty`,
      "It is the 32 characters of an Events API v2 integration, alone or as ?routing_key=….",
    );
  }
  return webhook(
    address,
    (message) => message.topic === topic && isWanted(wanted, message),
    (message) => webhookBody(message, format, settings, address.key),
  );
}

/** `--webhook slack:SLACK_URL`: the address itself is a secret, and stays in its variable. */
const flagged = (words: Words): readonly Wanted[] =>
  words.list("webhook").map((word) => {
    const [first = "", second] = word.split(":");
    const format = webhookFormats.find((known) => known === first);
    const name = second ?? first;
    if ((second !== undefined && format === undefined) || !/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(
        `--webhook takes FORMAT:NAME, the name of a variable that holds the address`,
        `${webhookFormats.join(", ")}: --webhook slack:SLACK_URL`,
      );
    }
    return { name, topic: topicFor[format ?? "slack"], format: format ?? "slack" };
  });

/** @throws UsageError where there is none */
export async function configured(words: Words, io: Io): Promise<readonly Wanted[]> {
  const all = await subscriptionsOf(words, io);
  const found = all.flatMap(({ httpsEnv: name, topic, format, ...wishes }) =>
    name === undefined ? [] : [{ ...wishes, name, topic, format: format ?? formatFor[topic] }],
  );
  if (found.length > 0) return found;
  throw new UsageError(
    "the configuration names no webhook",
    "alerts: subscriptions: - { topic: chat, httpsEnv: SLACK_URL }; or --webhook slack:SLACK_URL",
  );
}

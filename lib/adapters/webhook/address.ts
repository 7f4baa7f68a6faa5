import { UsageError } from "../../core/errors.ts";

/** Where a webhook is, as an environment variable says it. Its value is a secret. */
export interface Address {
  /** The variable: what people are told instead of the address. */
  readonly name: string;
  readonly url: URL;
  /** PagerDuty's routing key. */
  readonly key?: string | undefined;
}

const pagerDuty = "https://events.pagerduty.com/v2/enqueue";

/**
 * `https://hooks.slack.com/services/…`; for PagerDuty its routing key alone, or an address with
 * `?routing_key=…`.
 *
 * @throws UsageError that names the variable and nothing of its value
 */
export function addressIn(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Address {
  const value = env[name]?.trim();
  if (value === undefined || value === "") {
    throw new UsageError(
      `${name} is not set: it holds where alerts go`,
      `export ${name}=https://…`,
    );
  }
  if (/^[A-Za-z0-9]{32}$/.test(value)) return { name, url: new URL(pagerDuty), key: value };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !isHere(url))) {
    throw new UsageError(
      `${name} holds no https address`,
      "https://…; http only to this machine; or PagerDuty's routing key.",
    );
  }
  const key = url.searchParams.get("routing_key") ?? undefined;
  url.searchParams.delete("routing_key");
  return { name, url, key };
}

const isHere = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

/** A text of somebody else's without what leads to the webhook. */
export function withoutAddress(text: string, { url, key = "" }: Address): string {
  const secrets = [url.href, `${url.pathname}${url.search}`, url.search, url.password, key]
    .concat(url.pathname.split("/"), [...url.searchParams.values()])
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length);
  return secrets.reduce((left, secret) => left.replaceAll(secret, "***"), text);
}

import { randomUUID } from "node:crypto";
import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import type { FakeQueues } from "./queues.ts";
import { type Answer, escapeXml, xml, xmlError } from "./replies.ts";

export interface Published {
  readonly topic: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, { DataType: string; StringValue: string }>>;
}

const largest = 262_144;

/** Topics, which exist once they are named here. Publishing checks what the original checks. */
export class FakeTopics {
  readonly published: Published[] = [];
  readonly #subscriptions: { topic: string; queue: string; filter: Filter }[] = [];
  readonly #topics = new Set<string>();
  /** Who is subscribed, as a list of them tells, by topic. */
  readonly people = new Map<string, { protocol: string; endpoint: string; arn: string }[]>();
  readonly attributes = new Map<string, Readonly<Record<string, string>>>();
  readonly #queues: FakeQueues;

  constructor(queues: FakeQueues) {
    this.#queues = queues;
  }

  create(name: string): string {
    const arn = `arn:aws:sns:eu-central-1:111122223333:${name}`;
    this.#topics.add(arn);
    return arn;
  }

  /** Raw delivery to a queue, by a filter on attributes: each name with its allowed values. */
  subscribe(topic: string, queue: string, filter: Filter = {}): void {
    this.#subscriptions.push({ topic, queue, filter });
  }

  answer({ operation }: Call, { form }: Request): Answer {
    const topic = form.get("TopicArn") ?? "";
    if (operation === "ListSubscriptionsByTopic") return this.#listed(topic, form);
    if (operation === "GetTopicAttributes") return this.#described(topic);
    if (operation !== "Publish") return xmlError(400, "InvalidAction", false);
    const subject = form.get("Subject") ?? undefined;
    const message = form.get("Message") ?? "";
    if (!this.#topics.has(topic)) return xmlError(404, "NotFound", false);
    const attributes = attributesOf(form);
    const size = [
      message,
      ...Object.entries(attributes).flatMap(([name, { DataType, StringValue }]) => [
        name,
        DataType,
        StringValue,
      ]),
    ].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const isBadSubject = subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject);
    if (message === "" || size > largest || isBadSubject) {
      return xmlError(400, "InvalidParameter", false);
    }
    this.published.push({ topic, subject, message, attributes });
    for (const each of this.#subscriptions) {
      if (each.topic === topic && fits(each.filter, attributes)) {
        this.#queues.send(each.queue, message, attributes);
      }
    }
    return wrapped("Publish", `<MessageId>${randomUUID()}</MessageId>`);
  }

  /** Two a page. */
  #listed(topic: string, form: URLSearchParams): Answer {
    const from = Number(form.get("NextToken") ?? 0);
    const all = this.people.get(topic) ?? [];
    const members = all
      .slice(from, from + 2)
      .map(
        ({ protocol, endpoint, arn }) =>
          `<member><Protocol>${protocol}</Protocol><Endpoint>${escapeXml(endpoint)}</Endpoint><SubscriptionArn>${arn}</SubscriptionArn></member>`,
      );
    const next = from + 2 < all.length ? `<NextToken>${from + 2}</NextToken>` : "";
    const list = `<Subscriptions>${members.join("")}</Subscriptions>${next}`;
    return wrapped("ListSubscriptionsByTopic", list);
  }

  #described(topic: string): Answer {
    if (!this.#topics.has(topic)) return xmlError(404, "NotFound", false);
    const entries = Object.entries(this.attributes.get(topic) ?? {}).map(
      ([name, value]) => `<entry><key>${name}</key><value>${escapeXml(value)}</value></entry>`,
    );
    return wrapped("GetTopicAttributes", `<Attributes>${entries.join("")}</Attributes>`);
  }
}

const wrapped = (operation: string, result: string): Answer =>
  xml(
    `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
  );

type Filter = Readonly<Record<string, readonly string[]>>;

function attributesOf(form: URLSearchParams): Published["attributes"] {
  const attributes: Record<string, { DataType: string; StringValue: string }> = {};
  for (let i = 1; ; i += 1) {
    const at = `MessageAttributes.entry.${i}`;
    const name = form.get(`${at}.Name`);
    if (name === null) return attributes;
    attributes[name] = {
      DataType: form.get(`${at}.Value.DataType`) ?? "",
      StringValue: form.get(`${at}.Value.StringValue`) ?? "",
    };
  }
}

const fits = (filter: Filter, attributes: Published["attributes"]): boolean =>
  Object.entries(filter).every(([name, allowed]) => {
    const value = attributes[name];
    if (value === undefined) return false;
    const values: unknown =
      value.DataType === "String.Array" ? JSON.parse(value.StringValue) : [value.StringValue];
    return Array.isArray(values) && values.some((each) => allowed.includes(each));
  });

import type { Message } from "../../core/alert.ts";
import { ascii } from "./alphabets.ts";
import { brief } from "./fold.ts";
import { asciiJson } from "./json-line.ts";

/**
 * The same said plainly, of the same id, for an outlet that refused a message: short, ASCII, and of
 * the simplest shape that its topic takes. What it refers to is in the report.
 */
export function plainOf(message: Message): Message {
  const { subject = "", topic, attributes } = message;
  const said = subjectOf(message);
  if (topic === "page") {
    const state = subject.startsWith("OK") ? "OK" : "ALARM";
    const name = nameIn(message) ?? said;
    return {
      ...{ id: message.id, topic, attributes },
      subject: `${state}: "${brief(ascii.prose(name), 80)}"`,
      body: asciiJson({ AlarmName: name, NewStateValue: state, NewStateReason: said }),
    };
  }
  if (topic === "chat") {
    const content = { description: `${said}. It could not be told as it was: see the report.` };
    return { ...message, body: asciiJson({ version: "1.0", source: "custom", content }) };
  }
  if (topic === "events") {
    return {
      ...message,
      body: asciiJson({ schemaVersion: 1, isShortened: true, id: message.id, attributes }),
    };
  }
  const body = `${said}\n\nThis mail could not be sent as it was. See the report, or: npx pgvigil incidents\n`;
  return { ...message, subject: brief(ascii.prose(subject === "" ? said : subject), 99), body };
}

/** What a message is about: its subject, its card's title, or its attributes. */
function subjectOf({ subject, body, attributes, id }: Message): string {
  const title = field(body, ["content", "title"]);
  const said = subject ?? title ?? Object.values(attributes).flat().join(" ");
  return brief(ascii.prose(said.replace(/[<>&`*_~]/g, " ")), 200) || id;
}

/** The alarm's name decides what an OK ends: it stays whole. */
const nameIn = ({ body }: Message): string | undefined => field(body, ["AlarmName"]);

function field(body: string, path: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const key of path) value = Object(value)[key];
  return typeof value === "string" ? value : undefined;
}

import { setTimeout as wait } from "node:timers/promises";
import { Refused } from "../../core/alert.ts";
import { printable } from "../../core/printable.ts";
import { type Address, withoutAddress } from "./address.ts";

export interface Posting {
  readonly type: string;
  readonly body: string;
}

/** Milliseconds. */
export interface Patience {
  /** For one answer. */
  readonly timeout: number;
  readonly tries: number;
  /** The first pause; each is twice the one before it. */
  readonly pause: number;
  /** The longest that an answer's Retry-After is obeyed. */
  readonly longest: number;
}

const patient: Patience = { timeout: 10_000, tries: 4, pause: 500, longest: 20_000 };

/**
 * Posts to a webhook, again where it is busy or does not answer.
 *
 * @throws Refused where it will never take this
 * @throws Error where it may later; neither says the address
 */
export async function post(
  { type, body }: Posting,
  address: Address,
  { timeout, tries, pause, longest }: Patience = patient,
): Promise<void> {
  let trouble: Trouble = { why: "was not asked" };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await wait(pauseBefore(attempt, pause, longest, trouble.retryAfter));
    const answer = await ask({ type, body }, address, timeout);
    if (answer === undefined) return;
    if (answer.isFinal) throw new Refused(`${address.name} ${answer.why}`);
    trouble = answer;
    if (answer.isOurs) break;
  }
  throw new Error(`${address.name} ${trouble.why}`);
}

interface Trouble {
  readonly why: string;
  /** It will not take this message, however often. */
  readonly isFinal?: boolean;
  /** Nothing but another address or key helps. */
  readonly isOurs?: boolean;
  /** Milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** Somewhat at random, so that many that failed at once do not come again at once. */
const pauseBefore = (attempt: number, pause: number, longest: number, asked = 0): number =>
  Math.min(longest, Math.max(asked, pause * 2 ** (attempt - 1) * (0.75 + Math.random() / 2)));

async function ask(
  { type, body }: Posting,
  address: Address,
  timeout: number,
): Promise<Trouble | undefined> {
  try {
    const response = await fetch(address.url, {
      method: "POST",
      body,
      headers: { "content-type": type, "user-agent": "pgvigil", connection: "close" },
      redirect: "manual", // the address is a secret: nobody is sent elsewhere with it
      signal: AbortSignal.timeout(timeout),
    });
    const said = await beginning(response);
    return response.ok ? undefined : troubleOf(response, withoutAddress(said, address));
  } catch (error) {
    return { why: `does not answer: ${reasonOf(error, timeout)}` };
  }
}

function troubleOf({ status, headers }: Response, said: string): Trouble {
  const words = said === "" ? "" : `: ${printable(said)}`;
  const why = `answers ${status}${words}`;
  if (status >= 500 || [408, 425, 429].includes(status)) {
    return { why, retryAfter: retryAfterOf(headers) };
  }
  if (status < 400)
    return { why: `sends elsewhere (${status}): is the address right?`, isOurs: true };
  if ([401, 403, 404, 407].includes(status)) {
    return { why: `${why}. Is the address right, and its key?`, isOurs: true };
  }
  return { why, isFinal: true };
}

/** Seconds, or a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

const mostSaid = 200;

/** Of an answer no more than a line is read, however long it is. */
async function beginning({ body }: Response): Promise<string> {
  if (body === null) return "";
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostSaid) break;
  }
  return text.slice(0, mostSaid).trim();
}

/** The code alone: the message of an error may hold the address. */
function reasonOf(error: unknown, timeout: number): string {
  if (Object(error).name === "TimeoutError") return `nothing within ${timeout / 1000} s`;
  const code = Object(Object(error).cause).code ?? Object(error).code;
  return typeof code === "string" ? code : "the connection broke";
}

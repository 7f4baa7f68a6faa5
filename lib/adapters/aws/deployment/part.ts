import { messageOf, NoAnswer, UsageError } from "../../../core/errors.ts";
import { explained } from "../explain.ts";

/** What could be read of a deployment, or why not: who may not see one thing may see the others. */
export type Part<T> = { readonly is: "read"; readonly value: T } | Unread;

interface Unread {
  readonly is: "unread";
  readonly why: string;
  readonly hint: string;
}

/** @param what is asked for, as people say it: `the function pgvigil-notify` */
export async function partOf<T>(what: string, read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { is: "read", value: await read() };
  } catch (error) {
    const said = explained(error, what);
    if (!(said instanceof UsageError || said instanceof NoAnswer)) throw said;
    return { is: "unread", why: messageOf(said), hint: said.hint };
  }
}

import type { Call } from "./faults.ts";
import { type Answer, xml, xmlError } from "./replies.ts";

/** Calls of the query protocol that a test answers itself: RDS and STS, by operation. */
export class FakeQueries {
  /** The XML inside `<OperationResult>`. */
  readonly results = new Map<string, string>([
    [
      "GetCallerIdentity",
      "<Arn>arn:aws:sts::111122223333:assumed-role/dba/anna</Arn><Account>111122223333</Account>",
    ],
  ]);

  answer({ operation }: Call): Answer {
    const result = this.results.get(operation);
    if (result === undefined) return xmlError(400, "InvalidAction", false);
    return xml(
      `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
    );
  }
}

import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import { type Answer, ec2Error, xml, xmlError } from "./replies.ts";

/** The XML inside `<OperationResult>`, the same of what was asked, or another answer altogether. */
type Said = string | Answer | ((form: URLSearchParams) => string);

/**
 * Calls of the query protocol that a test answers itself: CloudFormation, RDS, STS and EC2 (which
 * wraps no result), by operation.
 */
export class FakeQueries {
  readonly results = new Map<string, Said>([
    [
      "GetCallerIdentity",
      "<Arn>arn:aws:sts::111122223333:assumed-role/dba/anna</Arn><Account>111122223333</Account>",
    ],
  ]);

  answer({ service, operation }: Call, { form }: Pick<Request, "form">): Answer {
    const said = this.results.get(operation);
    if (said === undefined) {
      return service === "ec2"
        ? ec2Error(400, "InvalidAction")
        : xmlError(400, "InvalidAction", false);
    }
    if (typeof said === "object") return said;
    const result = typeof said === "string" ? said : said(form);
    const wrapped =
      service === "ec2" ? result : `<${operation}Result>${result}</${operation}Result>`;
    return xml(`<${operation}Response>${wrapped}</${operation}Response>`);
  }
}

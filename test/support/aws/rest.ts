import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import { type Answer, json, jsonError } from "./replies.ts";

type Said = object | ((request: Request) => object);

/**
 * Calls that a test answers itself in JSON: Lambda and Scheduler by `lambda GET /path`, KMS by
 * `kms DescribeKey`.
 */
export class FakeRest {
  readonly results = new Map<string, Said>();

  answer({ service, operation }: Call, request: Request): Answer {
    const said = this.results.get(`${service} ${operation}`);
    if (said === undefined) return jsonError(404, "ResourceNotFoundException");
    return json(typeof said === "function" ? said(request) : said);
  }
}

export const restServices: ReadonlySet<string> = new Set(["lambda", "scheduler", "kms"]);

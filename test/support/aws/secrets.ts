import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import { type Answer, json, jsonError } from "./replies.ts";

/** Secrets by ARN. */
export class FakeSecrets {
  readonly values = new Map<string, string>();

  answer({ operation }: Call, { body }: Request): Answer {
    if (operation !== "GetSecretValue") return jsonError(400, "InvalidAction");
    const { SecretId } = JSON.parse(body.toString());
    const value = this.values.get(SecretId);
    if (value === undefined) return jsonError(400, "ResourceNotFoundException");
    return json({
      ARN: SecretId,
      Name: SecretId,
      SecretString: value,
      VersionStages: ["AWSCURRENT"],
    });
  }
}

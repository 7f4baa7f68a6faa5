import { createHash, createHmac } from "node:crypto";
import { STSClient } from "@aws-sdk/client-sts";
import { type AwsWorld, clientSettings } from "../settings.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

/** What a request is signed with, and when. */
export interface Signing {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
  readonly at: Date;
}

/**
 * The Authorization header of a POST to `/`: Signature Version 4.
 *
 * @param headers by lower-case name, all of them signed; `x-amz-date` is among them
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function authorizationOf(
  headers: Readonly<Record<string, string>>,
  body: string,
  { accessKeyId, secretAccessKey, region, service, at }: Signing,
): string {
  const names = Object.keys(headers).sort();
  const canonical = [
    ...["POST", "/", ""],
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    ...["", names.join(";"), sha256(body)],
  ].join("\n");
  const time = amzDate(at);
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
}

const amzDate = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/g, "");

const hostOf = (region: string): string =>
  `https://kms.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;

/**
 * Two questions to KMS, without its client: credentials and region are found as the SDK finds them.
 *
 * @throws an error that carries AWS's own name of it, as those of the SDK do
 */
export async function askKms(
  operation: "DescribeKey" | "GetKeyPolicy",
  input: object,
  world: AwsWorld,
): Promise<unknown> {
  const { config } = new STSClient(clientSettings(world, "STS"));
  const [credentials, region] = [await config.credentials(), await config.region()];
  const own = clientSettings(world, "KMS");
  const url = new URL("endpoint" in own ? own.endpoint : hostOf(region));
  const body = JSON.stringify(input);
  const at = new Date();
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host: url.host,
    "x-amz-date": amzDate(at),
    "x-amz-target": `TrentService.${operation}`,
    ...(credentials.sessionToken ? { "x-amz-security-token": credentials.sessionToken } : {}),
  };
  const signing = { ...credentials, region, service: "kms", at };
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { ...headers, authorization: authorizationOf(headers, body, signing) },
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => {
    // Node says "fetch failed", and why behind it.
    throw Object(error).cause ?? error;
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { __type: type, message, Message } = Object(answer);
  throw Object.assign(new Error(String(message ?? Message ?? response.statusText)), {
    name: String(type ?? "UnknownError").replace(/^.*#/, ""),
    $metadata: { httpStatusCode: response.status },
  });
}

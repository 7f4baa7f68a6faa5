import type { ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { "x-amz-request-id": "FAKE", ...headers });
  response.end(body);
}

export const json = (body: unknown): Answer => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});

export const jsonError = (status: number, type: string): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": type },
  body: JSON.stringify({ __type: type, message: `${type}, says the fake` }),
});

export const xml = (body: string): Answer => ({
  status: 200,
  headers: { "content-type": "text/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

/** S3's errors stand alone; those of the query protocol are wrapped. */
export function xmlError(status: number, code: string, isS3: boolean): Answer {
  const error = `<Code>${code}</Code><Message>${code}, says the fake</Message>`;
  const wrapped = isS3
    ? `<Error>${error}</Error>`
    : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>FAKE</RequestId></ErrorResponse>`;
  return { ...xml(wrapped), status };
}

/** EC2 has a wrapping of its own. */
export const ec2Error = (status: number, code: string): Answer => ({
  ...xml(
    `<Response><Errors><Error><Code>${code}</Code><Message>${code}, says the fake</Message></Error></Errors><RequestID>FAKE</RequestID></Response>`,
  ),
  status,
});

export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

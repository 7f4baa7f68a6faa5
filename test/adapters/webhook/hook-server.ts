import { createServer, type IncomingHttpHeaders } from "node:http";

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How the server answers the next request: a status, or what goes wrong. */
type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "reset"
  | "silence";

export interface HookServer extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** A webhook of this machine; what it answers, in order, the last for good. */
export async function hookServer(...answers: readonly Answer[]): Promise<HookServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url = "", headers } = request;
      const answer = answers[Math.min(received.length, answers.length - 1)] ?? { status: 200 };
      received.push({ url, headers, body: Buffer.concat(chunks).toString() });
      if (answer === "silence") return;
      if (answer === "reset") return void request.socket.destroy();
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

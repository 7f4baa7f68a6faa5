import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { NoAnswer } from "../../../core/errors.ts";
import { type ProbeReply, probeReplySchema } from "../../../core/probe.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { type Part, partOf } from "./part.ts";

/** Below what a function may be asked in its minute. */
const atOnce = 20;

/** Asks a function that examines to try the way to each target from where it stands. */
export async function invokeProbe(
  name: string,
  targets: readonly string[],
  world: AwsWorld,
): Promise<readonly Part<ProbeReply>[]> {
  const settings = clientSettings(world, "LAMBDA");
  const client = new LambdaClient({
    ...settings,
    // It answers when it is through, and is asked once: a second try would double the wait.
    requestHandler: { connectionTimeout: 5000, requestTimeout: 90_000 },
    maxAttempts: 1,
  });
  const packs = Array.from({ length: Math.ceil(targets.length / atOnce) }, (_, i) =>
    targets.slice(i * atOnce, (i + 1) * atOnce),
  );
  return Promise.all(
    packs.map((pack) =>
      partOf(`the function ${name}`, async () => {
        const { Payload, FunctionError } = await client.send(
          new InvokeCommand({
            FunctionName: name,
            Payload: new TextEncoder().encode(JSON.stringify({ probe: { targets: pack } })),
          }),
        );
        const text = new TextDecoder().decode(Payload);
        const reply: unknown = JSON.parse(text || "{}");
        const parsed = probeReplySchema.safeParse(reply);
        if (FunctionError === undefined && parsed.success) return parsed.data;
        const { errorMessage = "something else than was asked for" } = Object(reply);
        throw new NoAnswer(
          `the function ${name} answers: ${String(errorMessage).slice(0, 300)}`,
          "Is it of another release? cdk deploy. Its log says more.",
        );
      }),
    ),
  );
}

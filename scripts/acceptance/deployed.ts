import { join } from "node:path";
import { awsAt } from "./aws.ts";
import { roleSqlOf, startShop } from "./database.ts";
import { startEmulator } from "./emulator.ts";
import { step } from "./steps.ts";
import { story } from "./story.ts";
import { region, userOf } from "./user.ts";

/** `cdk deploy`, and what follows by itself, against MiniStack and a real PostgreSQL. */
export async function deployed(command: string): Promise<void> {
  await using emulator = await step("MiniStack starts", () =>
    startEmulator(command, "/_ministack/health", {
      ...{ GATEWAY_PORT: "PORT", BIND_HOST: "127.0.0.1", MINISTACK_REGION: region },
      ...{ IOT_MTLS_ENABLED: "0", AWS_ENDPOINT_URL: "http://127.0.0.1:PORT" },
      NODE_OPTIONS: `--import ${join(import.meta.dirname, "scheduled-time.mjs")}`,
    }),
  );
  await using user = await userOf(emulator.endpoint);
  const aws = awsAt(emulator.endpoint);
  try {
    await using shop = await step("PostgreSQL starts; the role's SQL runs as printed", async () =>
      startShop(await roleSqlOf(user)),
    );
    await story({ user, aws, shop });
  } catch (error) {
    console.error((await emulator.log()).split("\n").slice(-60).join("\n"));
    throw error;
  }
}

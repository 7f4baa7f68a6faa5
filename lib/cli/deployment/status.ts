import { readBucket } from "../../adapters/aws/deployment/bucket.ts";
import { partOf } from "../../adapters/aws/deployment/part.ts";
import { readDeployment } from "../../adapters/aws/deployment/read.ts";
import { outputOf } from "../../adapters/aws/deployment/stack.ts";
import { openS3 } from "../../adapters/aws/open-store.ts";
import { rdsInventory } from "../../adapters/aws/rds-inventory.ts";
import type { AwsWorld } from "../../adapters/aws/settings.ts";
import { configHash } from "../../config/hash.ts";
import type { Config } from "../../config/schema.ts";
import { bucketLines } from "./bucket.ts";
import { type Line, linesOf } from "./line.ts";
import { looks } from "./looks.ts";
import { machinery } from "./machinery.ts";
import { people } from "./people.ts";
import { probe } from "./probe.ts";
import { unwatchedLines } from "./unwatched.ts";

export interface Asked {
  readonly stack: string;
  /** The one here; without it nobody knows which targets there should be. */
  readonly config: Config | undefined;
  readonly shown: string | undefined;
  readonly world: AwsWorld;
  readonly now: Date;
  readonly probes: boolean;
}

/** Everything that can be said of a deployment, in the order in which one thing rests on another. */
export async function statusOf(asked: Asked): Promise<readonly Line[]> {
  const { config, world, now } = asked;
  const deployment = await readDeployment(asked.stack, world);
  const { stack } = deployment;
  const address = outputOf(stack, "Store");
  const bucket = address === undefined ? [] : [await readBucket(address, stack, world)];
  const judges = config?.aws?.mode !== "collector";
  const accounts = (config?.aws?.collectors ?? []).map(({ account }) => account);
  return [
    ...machinery(deployment, now),
    ...people(deployment, accounts),
    ...linesOf("bucket", bucket, (it) => bucketLines(it, { judges, accounts })),
    ...configuration(asked, outputOf(stack, "Configuration")),
    ...(config === undefined || address === undefined
      ? []
      : linesOf(
          "look",
          [
            await partOf(address, async () => {
              const store = openS3(address, world);
              return looks(config, { store, since: stack.createdAt, now });
            }),
          ],
          (lines) => lines,
        )),
    ...(config === undefined || !asked.probes ? [] : await probe(deployment, config, world)),
    ...linesOf("RDS", [await partOf("RDS", () => rdsInventory(world))], (servers) =>
      unwatchedLines(servers, config),
    ),
  ];
}

/** Is what is deployed what stands here? */
function configuration({ config, shown = "" }: Asked, deployed: string | undefined): Line[] {
  const area = "configuration";
  if (config === undefined) {
    const detail = "there is none here: targets and their last looks cannot be told";
    return [{ area, name: "", state: "unknown", detail, cure: "--config FILE" }];
  }
  const here = configHash(config);
  if (deployed === here) {
    return [{ area, name: shown, state: "ok", detail: `${here}, as it is deployed` }];
  }
  const detail =
    deployed === undefined
      ? `${here}; the stack does not say which one is deployed`
      : `${here}; deployed is ${deployed}: another one`;
  const cure = "cdk diff shows what would change, cdk deploy brings it there.";
  return [
    { area, name: shown, state: deployed === undefined ? "unknown" : "warning", detail, cure },
  ];
}

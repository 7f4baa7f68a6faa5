import * as z from "zod";
import type { AwsWorld } from "../settings.ts";
import { askKms } from "./kms.ts";
import { type Part, partOf } from "./part.ts";
import { type DeployedStack, ofType, outputOf } from "./stack.ts";

export interface DeployedKey {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly state: string;
  /** JSON. */
  readonly policy: string;
}

const described = z.object({
  KeyMetadata: z.object({ Arn: z.string(), KeyState: z.string() }),
});
const said = z.object({ Policy: z.string() });

/** The key of bucket and topics: the stack's own, or the one that its user gave it. */
export async function readKey(
  stack: DeployedStack,
  world: AwsWorld,
): Promise<Part<DeployedKey> | undefined> {
  const [own] = ofType(stack, "AWS::KMS::Key");
  const id = outputOf(stack, "Key") ?? own?.physicalId;
  if (id === undefined) return undefined;
  return partOf(`the key ${id}`, async () => {
    const { KeyMetadata } = described.parse(await askKms("DescribeKey", { KeyId: id }, world));
    const { Policy } = said.parse(
      await askKms("GetKeyPolicy", { KeyId: id, PolicyName: "default" }, world),
    );
    return { arn: KeyMetadata.Arn, state: KeyMetadata.KeyState, policy: Policy };
  });
}

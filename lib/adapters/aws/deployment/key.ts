import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { type Part, partOf } from "./part.ts";
import { type DeployedStack, ofType, outputOf } from "./stack.ts";

export interface DeployedKey {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly state: string;
  /** JSON. */
  readonly policy: string;
}

/** The key of bucket and topics: the stack's own, or the one that its user gave it. */
export async function readKey(
  stack: DeployedStack,
  world: AwsWorld,
): Promise<Part<DeployedKey> | undefined> {
  const [own] = ofType(stack, "AWS::KMS::Key");
  const id = outputOf(stack, "Key") ?? own?.physicalId;
  if (id === undefined) return undefined;
  const client = new KMSClient(clientSettings(world, "KMS"));
  return partOf(`the key ${id}`, async () => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: id }));
    // A key has one policy, and that is its name.
    const { Policy = "" } = await client.send(
      new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }),
    );
    return { arn: KeyMetadata?.Arn ?? id, state: KeyMetadata?.KeyState ?? "", policy: Policy };
  });
}

import { waysIn } from "../../adapters/aws/ingress.ts";
import { withoutS3 } from "../../adapters/aws/s3-gateway.ts";
import type { AwsWorld } from "../../adapters/aws/settings.ts";
import { missingIngress } from "./missing-ingress.ts";
import type { Net, Way } from "./rds-networks.ts";

/** What EC2 says of the way into a network. By itself, as EC2's client is the largest of all. */
export async function wayTo(net: Net, world: AwsWorld): Promise<Way> {
  const ways = await waysIn(net.groups, net.subnets, world);
  return {
    ingress: missingIngress(net.servers, net.subnets, ways),
    withoutS3: await withoutS3(net.vpc, net.subnets, world),
  };
}

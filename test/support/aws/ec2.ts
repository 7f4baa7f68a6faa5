import type { FakeAws } from "./fake-aws.ts";

/** A rule of a security group as a test says it. */
export interface Rule {
  readonly protocol?: "tcp" | "udp" | "-1";
  readonly ports?: readonly [number, number];
  readonly ranges?: readonly string[];
  readonly from?: readonly [group: string, description: string];
}

const item = (text: string) => `<item>${text}</item>`;

/** A route table: which subnets it names, and whether it has a way to S3. */
export interface Table {
  readonly subnets?: readonly string[];
  readonly isMain?: true;
  readonly endpoint?: "Gateway" | "Interface";
}

/** Of two route tables, a page each; the one names a subnet, and the main one has the other. */
const gateways = {
  "rtb-0a9b": { subnets: ["subnet-0c2d"], endpoint: "Gateway" },
  "rtb-0main": { isMain: true, endpoint: "Gateway" },
} as const;

/**
 * EC2 with these rules and route tables; the subnets of `instance` are in 10.0.0.0/16. A page holds
 * one of them.
 */
export function ec2(
  aws: FakeAws,
  groups: Readonly<Record<string, readonly Rule[]>>,
  tables: Readonly<Record<string, Table>> = gateways,
): void {
  const ruleOf = ({ protocol = "tcp", ports, ranges = [], from }: Rule) =>
    item(
      `<ipProtocol>${protocol}</ipProtocol>${ports === undefined ? "" : `<fromPort>${ports[0]}</fromPort><toPort>${ports[1]}</toPort>`}` +
        `<groups>${from === undefined ? "" : item(`<groupId>${from[0]}</groupId><description>${from[1]}</description>`)}</groups>` +
        `<ipRanges>${ranges.map((range) => item(`<cidrIp>${range}</cidrIp>`)).join("")}</ipRanges>`,
    );
  const wanted = (form: URLSearchParams) =>
    new Set([...form].flatMap(([name, value]) => (/^Filter\.1\.Value/.test(name) ? value : [])));
  aws.queries.results.set("DescribeSecurityGroups", (form) => {
    const asked = Object.entries(groups).filter(([id]) => wanted(form).has(id));
    const at = Number(form.get("NextToken") ?? 0);
    const page = asked
      .slice(at, at + 1)
      .map(([id, rules]) =>
        item(
          `<groupId>${id}</groupId><ipPermissions>${rules.map(ruleOf).join("")}</ipPermissions>`,
        ),
      );
    const next = at + 1 < asked.length ? `<nextToken>${at + 1}</nextToken>` : "";
    return `<securityGroupInfo>${page.join("")}</securityGroupInfo>${next}`;
  });
  const subnets = { "subnet-0c2d": "10.0.1.0/24", "subnet-0e3f": "10.0.2.0/24" };
  aws.queries.results.set("DescribeSubnets", (form) => {
    const there = Object.entries(subnets).filter(([id]) => wanted(form).has(id));
    return `<subnetSet>${there.map(([id, range]) => item(`<subnetId>${id}</subnetId><cidrBlock>${range}</cidrBlock>`)).join("")}</subnetSet>`;
  });
  aws.queries.results.set("DescribeRouteTables", (form) => {
    const at = Number(form.get("NextToken") ?? 0);
    const [[id, { subnets: own = [], isMain }] = ["", {} as Table]] =
      Object.entries(tables).slice(at);
    const named = own.map((subnet) => item(`<subnetId>${subnet}</subnetId><main>false</main>`));
    const main = isMain ? item("<main>true</main>") : "";
    const next = at + 1 < Object.keys(tables).length ? `<nextToken>${at + 1}</nextToken>` : "";
    return `<routeTableSet>${item(`<routeTableId>${id}</routeTableId><associationSet>${named.join("")}${main}</associationSet>`)}</routeTableSet>${next}`;
  });
  const endpoints = Object.entries(tables).flatMap(([id, { endpoint }]) =>
    endpoint === undefined
      ? []
      : item(
          `<vpcEndpointType>${endpoint}</vpcEndpointType><serviceName>com.amazonaws.eu-central-1.s3</serviceName><routeTableIdSet>${item(id)}</routeTableIdSet>`,
        ),
  );
  const other = item(
    "<vpcEndpointType>Gateway</vpcEndpointType><serviceName>com.amazonaws.eu-central-1.dynamodb</serviceName><routeTableIdSet><item>rtb-0a9b</item><item>rtb-0main</item></routeTableIdSet>",
  );
  aws.queries.results.set(
    "DescribeVpcEndpoints",
    `<vpcEndpointSet>${endpoints.join("")}${other}</vpcEndpointSet>`,
  );
}

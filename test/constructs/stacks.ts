import { readFileSync } from "node:fs";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import recommended from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { bundleContext } from "../../lib/constructs/bundle.ts";
import { MonitorStack } from "../../lib/monitor-stack.ts";

// 5 s of CPU a synth, to hold a template against AWS's own rules: `npm run synth` does it once.
process.env.CDK_VALIDATION = "false";

export interface Synthesized {
  readonly stack: Stack;
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;
  /** What synth says beside it: warnings and words about what is the user's own. */
  readonly said: readonly string[];
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is what CloudFormation takes
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

const variables = { PAGER_URL: "https://events.example.com/integration/abc" };

export function stackOf(text: string): Stack {
  const app = new App({ context: { ...recommended, [bundleContext]: "false" } });
  const config = parseConfig(text, "pgvigil.config.yaml", known);
  return new MonitorStack(app, "Test", { config, variables });
}

function synthesized(text: string): Synthesized {
  const stack = stackOf(text);
  const template = Template.fromStack(stack);
  const said = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => /^aws:cdk:(info|warning)$/.test(type))
    .map(({ data }) => String(data));
  return { stack, template, resources: template.toJSON().Resources, said };
}

/** Everything in one account, as `npm run synth` has it. */
export const example = synthesized(readFileSync("examples/pgvigil.config.yaml", "utf8"));

/** Judges and tells for other accounts; a bucket with Object Lock, a key that was there before. */
export const hub = synthesized(`
schemaVersion: 1
baseline: { sealOn: healthy-watch }
environments:
  production:
    auth: { iam: { resourceId: db-ABCDEFGHIJKL } }
    targets: { orders: { url: "postgres://pgvigil@orders.internal/orders" } }
  staging:
    auth: { iam: { resourceId: db-MNOPQRSTUVWX } }
    targets: { orders: { url: "postgres://pgvigil@staging.internal/orders" } }
alerts: { subscriptions: [{ topic: page, httpsEnv: PAGER_URL }] }
aws:
  region: eu-central-1
  account: "111122223333"
  mode: hub
  key: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d"
  objectLock: { mode: governance, days: 30 }
  topics: { alerts: "arn:aws:sns:eu-central-1:111122223333:dba" }
  collectors: [{ account: "444455556666", environments: [staging] }]
`);

/** Looks at one of the environments, and writes into the bucket of a hub elsewhere. */
export const collector = synthesized(`
schemaVersion: 1
reference: production
environments:
  production:
    network: elsewhere
    targets: { orders: { url: "postgres://pgvigil@orders.internal/orders" } }
  staging:
    targets:
      orders: { url: "postgres://pgvigil@staging.internal:6432/orders", auth: { secret: "arn:aws:secretsmanager:eu-central-1:444455556666:secret:staging-AbCdEf" } }
      legacy: { url: "postgres://pgvigil@legacy.internal/legacy", auth: { passwordEnv: LEGACY } }
aws:
  region: eu-central-1
  account: "444455556666"
  mode: collector
  environments: [staging]
  bucket: "arn:aws:s3:::the-bucket-of-the-hub"
  key: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d"
  permissionsBoundary: "arn:aws:iam::444455556666:policy/boundary"
  tags: { team: platform }
  networks:
    main:
      vpc: vpc-0a1b2c3d
      subnets: [subnet-0c2d3e4f, subnet-0e3f4051]
      routeTables: [rtb-0a9b8c7d]
      s3Endpoint: create
      secretsEndpoint: create
`);

export const ofType = ({ resources }: Synthesized, type: string): readonly [string, Resource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** A value of a template as people write it: `<Bucket.Arn>/runs/*`. */
export function flat(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": join } = Object(value);
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join(".")}>`;
  return join === undefined ? JSON.stringify(value) : join[1].map(flat).join(join[0]);
}

import { Stack, Validations } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";

/** A rule of cdk-nag that does not hold here, and why: said where it is broken. */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) {
    Validations.of(scope).acknowledge({ id, reason });
  }
}

/** A statement; and where it names no resource to the end, why not. */
export interface Grant {
  readonly statement: PolicyStatement;
  readonly wildcards?: string | undefined;
}

/** Each wildcard by itself, so that one more is one more to explain. */
export function acknowledgeWildcards(scope: IConstruct, { statement, wildcards }: Grant): void {
  if (wildcards === undefined) return;
  for (const resource of statement.resources) {
    const written = flat(Stack.of(scope).resolve(resource));
    if (!written.includes("*")) continue;
    acknowledge(scope, { [`AwsSolutions-IAM5[Resource::${written}]`]: wildcards });
  }
}

/** A resource as cdk-nag writes it: `<Bucket.Arn>/runs/*`. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": join } = Object(value);
  if (Array.isArray(join)) return join[1].map(flat).join(join[0]);
  return attribute === undefined ? `<${Ref}>` : `<${attribute.join(".")}>`;
}

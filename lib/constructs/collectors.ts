import { AccountPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Aws } from "../config/aws.ts";
import { examined, inBucket } from "./folders.ts";

/**
 * What the hub's bucket lets other accounts do: write the keys of their own environments and
 * nothing else, and read what their looks are held against.
 */
export const collectorStatements = (
  bucket: IBucket,
  { collectors = [] }: Pick<Aws, "collectors">,
): readonly PolicyStatement[] =>
  collectors.flatMap(({ account, environments }, i) => {
    const { written, read } = examined(environments);
    const allow = (sid: string, actions: string[], resources: string[]) =>
      new PolicyStatement({
        sid: `${sid}${i}`,
        principals: [new AccountPrincipal(account)],
        actions,
        resources,
      });
    return [
      allow(
        "CollectorWrites",
        ["s3:GetObject", "s3:PutObject"],
        // What RDS says of its own instances, the hub cannot ask: its dispatch keeps that.
        inBucket(bucket, [...written, ...environments.map((name) => `states/v1/${name}/*`)]),
      ),
      allow("CollectorReads", ["s3:GetObject"], inBucket(bucket, read)),
      allow("CollectorTellsAbsentFromDenied", ["s3:ListBucket"], [bucket.bucketArn]),
    ];
  });

import type { DeployedBucket } from "../../adapters/aws/deployment/bucket.ts";
import type { Line } from "./line.ts";
import { allows } from "./policy.ts";

/** Does the bucket tell of new runs, and may the collectors of other accounts write into it? */
export function bucketLines(
  { address: name, tells, others, policy }: DeployedBucket,
  { judges, accounts }: { readonly judges: boolean; readonly accounts: readonly string[] },
): readonly Omit<Line, "area">[] {
  const closed = accounts.filter(
    (account) => !allows(policy, account, ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]),
  );
  return [
    tells === "nobody" && judges
      ? {
          ...{ name, state: "critical" },
          detail: `it tells ${others.length === 0 ? "nobody" : `${others.join(", ")}, and not this stack,`} of new runs: no incident begins, no alert goes out`,
          cure: "Switch EventBridge on for a bucket that is given (its properties, notifications); cdk deploy where it is the stack's own.",
        }
      : {
          name,
          state: "ok",
          detail: `it tells ${tells === "queue" ? "a queue" : tells} of new runs`,
        },
    ...closed.map(
      (account): Omit<Line, "area"> => ({
        ...{ name, state: "critical" },
        detail: `its policy does not let the collector of account ${account} in`,
        cure: "cdk synth prints what must stand in the policy of a bucket that is given.",
      }),
    ),
  ];
}

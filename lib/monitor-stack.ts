import { Stack } from "aws-cdk-lib";

/** Everything that pgvigil deploys into an AWS account: one stack a region. */
export class MonitorStack extends Stack {}

/**
 * The prefix list that is S3, by region: an id of AWS's own that never changes and that a template
 * cannot ask for. Where it is not known here, the configuration names it; one that is wrong fails the
 * deployment.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const known: Readonly<Record<string, string>> = {
  "ap-northeast-1": "pl-61a54008",
  "ap-northeast-2": "pl-78a54011",
  "ap-south-1": "pl-78a54011",
  "ap-southeast-1": "pl-6fa54006",
  "ap-southeast-2": "pl-6ca54005",
  "ca-central-1": "pl-7da54014",
  "eu-central-1": "pl-6ea54007",
  "eu-north-1": "pl-c3aa4faa",
  "eu-west-1": "pl-6da54004",
  "eu-west-2": "pl-7ca54015",
  "eu-west-3": "pl-23ad484a",
  "sa-east-1": "pl-6aa54003",
  "us-east-1": "pl-63a5400a",
  "us-east-2": "pl-7ba54012",
  "us-west-1": "pl-6ba54002",
  "us-west-2": "pl-68a54001",
};

export const s3PrefixList = (region: string): string | undefined => known[region];

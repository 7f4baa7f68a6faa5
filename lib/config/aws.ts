import * as z from "zod";

const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-z]+$`), `an id such as ${kind}-0a1b2c3d`);

const network = z.strictObject({
  vpc: idOf("vpc"),
  subnets: z.array(idOf("subnet")).min(1),
  routeTables: z.array(idOf("rtb")).optional(),
  databaseSecurityGroups: z.array(idOf("sg")).optional(),
  s3Endpoint: z.enum(["create", "existing"]).optional(),
  s3PrefixList: idOf("pl").optional().meta({ description: "S3 in the region, where not known" }),
  secretsEndpoint: z.enum(["create", "existing"]).optional(),
});

const arnOf = (service: string, example: string) =>
  z.string().regex(new RegExp(`^arn:[\\w-]+:${service}:`), `an ARN such as ${example}`);

const topicArn = arnOf("sns", "arn:aws:sns:eu-central-1:111122223333:alerts").optional();

/** What `cdk deploy` needs to know; the CLI does not look at it. */
export const aws = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
  account: z
    .string()
    .regex(/^\d{12}$/, "an account of twelve digits")
    .optional(),
  networks: z
    .record(z.string(), network)
    .optional()
    .meta({ description: "One pair of examine functions a network" }),
  tags: z.record(z.string(), z.string()).optional(),
  permissionsBoundary: arnOf("iam", "arn:aws:iam::111122223333:policy/boundary").optional(),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of a bucket")
    .optional()
    .meta({ description: "One that is there: of an earlier stack, or of another account" }),
  key: arnOf("kms", "arn:aws:kms:eu-central-1:111122223333:key/1234")
    .optional()
    .meta({ description: "The key of that bucket, and of the topics" }),
  topics: z
    .strictObject({ alerts: topicArn, chat: topicArn, page: topicArn, events: topicArn })
    .optional()
    .meta({ description: "Topics that are there already" }),
  objectLock: z
    .strictObject({ mode: z.enum(["governance", "compliance"]), days: z.int().min(1).max(3650) })
    .optional()
    .meta({ description: "Runs, snapshots and baselines cannot be deleted for so long" }),
  heartbeatUrl: z
    .url("an address such as https://hc.example.com/ping/abc")
    .optional()
    .meta({ description: "Asked after every complete nightly run, by who watches from outside" }),
});

import * as z from "zod";
import { nameSchema } from "../core/target.ts";

const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-z]+$`), `an id such as ${kind}-0a1b2c3d`);

const network = z.strictObject({
  vpc: idOf("vpc"),
  subnets: z.array(idOf("subnet")).min(1),
  routeTables: z.array(idOf("rtb")).optional(),
  databaseSecurityGroups: z.array(idOf("sg")).optional(),
  s3Endpoint: z.enum(["create", "existing"]).optional(),
  s3PrefixList: idOf("pl").optional().meta({ description: "S3 in the region, where not known" }),
  secretsEndpoint: z
    .string()
    .regex(
      /^(create|existing|sg-[0-9a-z]+|\d{1,3}(\.\d{1,3}){3}\/\d{1,2})$/,
      "create, existing, the security group of the one that is there (sg-0a1b2c3d), or the range that it is in (10.0.0.0/16)",
    )
    .optional()
    .meta({
      description:
        "Secrets Manager from inside: create an endpoint; the security group of the one that is there, or its range; existing, for anywhere private",
    }),
});

const arnOf = (service: string, example: string) =>
  z.string().regex(new RegExp(`^arn:[\\w-]+:${service}:`), `an ARN such as ${example}`);

const topicArn = arnOf("sns", "arn:aws:sns:eu-central-1:111122223333:alerts").optional();

const bucket = z
  .string()
  .regex(
    /^(arn:[\w-]+:s3:::|s3:\/\/)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "a bucket: its name, its ARN, or s3://name",
  );

/** Another account whose functions write into the bucket of this one. */
const collector = z.strictObject({
  account: z.string().regex(/^\d{12}$/, "an account of twelve digits"),
  environments: z.array(nameSchema).min(1),
});

/** What `cdk deploy` needs to know; the CLI does not look at it. */
const settings = z.strictObject({
  mode: z.enum(["all", "collector", "hub"]).optional().meta({
    description: "all of it; or what looks at databases, or what judges and tells, by itself",
  }),
  environments: z
    .array(nameSchema)
    .min(1)
    .optional()
    .meta({ description: "Which of them a collector looks at; all, where none is named" }),
  collectors: z
    .array(collector)
    .min(1)
    .optional()
    .meta({ description: "Accounts that write into the bucket of a hub, and for which of them" }),
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
  bucket: bucket
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

export const aws = settings
  .refine(({ mode, bucket, key }) => mode !== "collector" || (bucket && key), {
    message:
      "a collector writes into the hub's bucket: write bucket and key, as the hub's stack says them",
  })
  .refine(({ mode, environments }) => environments === undefined || mode === "collector", {
    message: "environments goes with mode: collector",
  })
  .refine(({ mode, collectors }) => collectors === undefined || mode === "hub", {
    message: "collectors goes with mode: hub",
  });

export type Aws = z.output<typeof aws>;

/** `arn:aws:s3:::name` and `s3://name`, as a stack's output has it, are `name`. */
export const bucketNameOf = (bucket: string): string =>
  bucket.replace(/^(arn:[\w-]+:s3:::|s3:\/\/)/, "");

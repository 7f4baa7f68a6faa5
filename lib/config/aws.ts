import * as z from "zod";

const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-z]+$`), `an id such as ${kind}-0a1b2c3d`);

const network = z.strictObject({
  vpc: idOf("vpc"),
  subnets: z.array(idOf("subnet")).min(1),
  routeTables: z.array(idOf("rtb")).optional(),
  databaseSecurityGroups: z.array(idOf("sg")).optional(),
  s3Endpoint: z.enum(["create", "existing"]).optional(),
});

/** What `cdk deploy` needs to know; the CLI does not look at it. */
export const aws = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
  networks: z
    .record(z.string(), network)
    .optional()
    .meta({ description: "One pair of examine functions a network" }),
  tags: z.record(z.string(), z.string()).optional(),
});

import * as z from "zod";
import { environmentVariable } from "./values.ts";

const ways = {
  iam: z
    .strictObject({
      resourceId: z
        .string()
        .regex(/^(db|cluster)-[A-Z0-9]+$/, "a resource id such as db-ABCDEFGHIJKL"),
    })
    .optional()
    .meta({ description: "A token signed locally: RDS and Aurora" }),
  secret: z.string().min(1).optional().meta({ description: "ARN of a secret" }),
  passwordEnv: environmentVariable.optional(),
};

/** How to prove who we are: one way of three. */
export const auth = z
  .strictObject(ways)
  .refine((given) => Object.keys(given).length === 1, "expected one of iam, secret, passwordEnv")
  .meta({ minProperties: 1, maxProperties: 1 });

export type Auth = z.output<typeof auth>;

import * as z from "zod";

const several = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());

const statementSchema = z.looseObject({
  Effect: z.string(),
  Principal: z
    .union([z.string(), z.looseObject({ Service: several.optional(), AWS: several.optional() })])
    .optional(),
  Action: several.optional(),
});
const policySchema = z.looseObject({
  Statement: z.union([statementSchema, z.array(statementSchema)]).transform((one) => [one].flat()),
});

/**
 * Does a resource's policy let a service of AWS, or another account, do all of these? Conditions
 * are not held against anything: they narrow for whom, and each is written by hand.
 *
 * @param text JSON; what is none allows nothing
 * @param who `cloudwatch.amazonaws.com`, or an account of twelve digits
 */
export function allows(text: string, who: string, actions: readonly string[]): boolean {
  const policy = policySchema.safeParse(parsed(text)).data;
  const granted = (policy?.Statement ?? []).filter(
    ({ Effect, Principal }) =>
      Effect === "Allow" &&
      (Principal === "*" ||
        (typeof Principal === "object" &&
          (Principal.Service?.includes(who) || Principal.AWS?.some((each) => isOf(each, who))))),
  );
  return actions.every((action) =>
    granted.some(({ Action = [] }) => Action.some((pattern) => fits(pattern, action))),
  );
}

/** A principal as policies write it: everybody, an account by its number, or by its root. */
const isOf = (principal: string, who: string): boolean =>
  principal === "*" || principal === who || principal.endsWith(`:iam::${who}:root`);

/** IAM knows `*` and `?`, and no case. */
const fits = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  ).test(action);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

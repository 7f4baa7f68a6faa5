import type * as z from "zod";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the stack sets, by name. @throws Error where it is missing or is no such thing */
export function variable(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

/** The same, of JSON. */
export function variableOf<T>(env: Environment, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(variable(env, name)));
  if (parsed.success) return parsed.data;
  throw new Error(`${name}: ${parsed.error.issues[0]?.message}`);
}

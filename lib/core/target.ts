import * as z from "zod";

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export const nameSchema = z
  .string()
  .regex(namePattern, "a name of a-z, 0-9, '.', '_' and '-' that begins with a letter or digit");

/** One database of one environment; said as `environment/name`. */
export const targetSchema = z.object({ environment: z.string(), name: z.string() });
export type Target = z.infer<typeof targetSchema>;

export const sayTarget = ({ environment, name }: Target): string => `${environment}/${name}`;

/** What its user typed to reach a target, so that a cure can say it again; no password is in it. */
export const typedSchema = z.object({
  /** `--url postgres://…`, or nothing where the environment says it; absent of a configuration's. */
  url: z.string().optional(),
  /** `--config FILE --store DIR`, where they were given. */
  places: z.string().optional(),
});
export type Typed = z.infer<typeof typedSchema>;

/** The flags that reach it again: `--target production/orders`, `--url "$DATABASE_URL" --store runs`. */
export const sayFlags = (target: string, { url, places = "" }: Typed = {}): string =>
  [url ?? `--target ${target}`, places].filter(Boolean).join(" ");

/** `environment/name` as it stands in the store's keys; ad-hoc names are percent-encoded. */
export const targetKey = ({ environment, name }: Target): string =>
  `${encodeURIComponent(environment)}/${encodeURIComponent(name)}`;

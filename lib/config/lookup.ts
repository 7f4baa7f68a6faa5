import * as z from "zod";
import type { Path } from "./problem.ts";

type Schema = z.core.$ZodType;

/** What a value holds at a path, or nothing. */
export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, key) => (Object.hasOwn(Object(inner), key) ? Object(inner)[key] : undefined),
    value,
  );

/** The schema of what stands at a path, without its wrappers; nothing beyond what it knows. */
export const schemaAt = (schema: Schema, path: Path): Schema | undefined =>
  path.reduce<Schema | undefined>(
    (inner, key) => (inner === undefined ? undefined : childOf(inner, key)),
    bare(schema),
  );

/** The keys that may stand at a path. */
export function keysAt(schema: Schema, path: Path): readonly string[] {
  const inner = schemaAt(schema, path);
  return inner instanceof z.ZodObject ? Object.keys(inner._zod.def.shape) : [];
}

function childOf(schema: Schema, key: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) {
    const child = schema._zod.def.shape[key];
    return child === undefined ? undefined : bare(child);
  }
  if (schema instanceof z.ZodRecord) return bare(schema._zod.def.valueType);
  if (schema instanceof z.ZodArray) return bare(schema._zod.def.element);
  return undefined;
}

function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional) return bare(schema._zod.def.innerType);
  if (schema instanceof z.ZodDefault) return bare(schema._zod.def.innerType);
  if (schema instanceof z.ZodNullable) return bare(schema._zod.def.innerType);
  if (schema instanceof z.ZodPipe) return bare(schema._zod.def.in);
  return schema;
}

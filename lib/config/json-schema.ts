import * as z from "zod";
import type { Known } from "./known.ts";
import { strictSchema } from "./schema.ts";

/** For editors: every key, every check and its options, with what they mean. */
export const configJsonSchema = (known: Known): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(strictSchema(known), { io: "input" });

import * as z from "zod";
import { configJsonSchema } from "../../lib/config/json-schema.ts";
import type { Known } from "../../lib/config/known.ts";
import { runSchema } from "../../lib/core/report.ts";

const printed = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** What editors complete in pgvigil.config.yaml. */
export const configSchemaText = (known: Known): string => printed(configJsonSchema(known));

/** What `--format json` prints. A reader lets pass what a later release adds. */
export const runSchemaText = (): string =>
  printed(z.toJSONSchema(runSchema.meta({ title: "A run of pgvigil" }), { io: "input" }));

import * as z from "zod";
import { configJsonSchema } from "../../lib/config/json-schema.ts";
import type { Known } from "../../lib/config/known.ts";
import { digestSchema } from "../../lib/core/alert.ts";
import { runSchema } from "../../lib/core/report.ts";
import { eventSchema } from "../../lib/render/alerts/event.ts";

const printed = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** What editors complete in pgvigil.config.yaml. */
export const configSchemaText = (known: Known): string => printed(configJsonSchema(known));

/** What `--format json` prints. A reader lets pass what a later release adds. */
export const runSchemaText = (): string =>
  printed(z.toJSONSchema(runSchema.meta({ title: "A run of pgvigil" }), { io: "input" }));

/** What the topic `events` carries, and a webhook of the format `raw`. */
export const eventSchemaText = (): string =>
  printed(z.toJSONSchema(eventSchema.meta({ title: "An alert of pgvigil" }), { io: "input" }));

/** What `pgvigil digest --format json` prints. */
export const digestSchemaText = (): string =>
  printed(z.toJSONSchema(digestSchema.meta({ title: "A digest of pgvigil" }), { io: "input" }));

import type { RunDocument } from "../core/report.ts";
import type { RenderContext } from "./context.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { sarif } from "./sarif.ts";
import { text } from "./text.ts";

export const formats = ["text", "json", "markdown", "junit", "sarif", "github"] as const;
export type Format = (typeof formats)[number];

/** One file a format; each takes the run document and prints it. */
export const renderers: Readonly<
  Record<Format, (run: RunDocument, context: RenderContext) => string>
> = { text, json, markdown, junit, sarif, github };

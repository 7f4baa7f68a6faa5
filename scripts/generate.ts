import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { checkPage } from "../lib/render/check-page.ts";
import { facetNames } from "../lib/schema/fact.ts";
import { withRunsTable } from "./generate/athena.ts";
import { factsOfChecks } from "./generate/check-facts.ts";
import { indexOfChecks } from "./generate/check-index.ts";
import { withCheckTable } from "./generate/check-table.ts";
import { costPage, withCost } from "./generate/cost.ts";
import {
  configSchemaText,
  digestSchemaText,
  eventSchemaText,
  runSchemaText,
} from "./generate/schemas.ts";

/**
 * Prints from the checks' metadata whatever would otherwise be listed twice by hand.
 * `--check` writes nothing and fails where a file is out of step.
 */
const checkOnly = process.argv.includes("--check");
const stale: string[] = [];

async function emit(path: string, text: string): Promise<void> {
  const now = await readFile(path, "utf8").catch(() => undefined);
  if (now === text) return;
  stale.push(path);
  if (checkOnly) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

await emit("lib/checks/index.ts", await indexOfChecks("lib/checks"));
// Only now, so that a new check is in it.
const { checks } = await import("../lib/checks/index.ts");
await emit("lib/checks/facts.ts", factsOfChecks(checks));
for (const check of checks) await emit(`docs/checks/${check.id}.md`, checkPage(check));
const readme = await readFile("README.md", "utf8");
await emit("README.md", withCost(withCheckTable(readme, checks)));
await emit("docs/cost.md", costPage());
await emit("docs/athena.md", withRunsTable(await readFile("docs/athena.md", "utf8")));
await emit("schema/config.schema.json", configSchemaText({ checks, facets: facetNames }));
await emit("schema/run.schema.json", runSchemaText());
await emit("schema/event.schema.json", eventSchemaText());
await emit("schema/digest.schema.json", digestSchemaText());

if (stale.length > 0) {
  console.log(`${checkOnly ? "out of step" : "wrote"}: ${stale.join(", ")}`);
  if (checkOnly) {
    console.log("Run `npm run generate` and commit what it writes.");
    process.exitCode = 1;
  }
}

import { App } from "aws-cdk-lib";
import recommended from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { known } from "../lib/cli/known.ts";
import { findConfig } from "../lib/config/find.ts";
import { loadConfig } from "../lib/config/load.ts";
import { UsageError } from "../lib/core/errors.ts";
import { MonitorStack } from "../lib/monitor-stack.ts";

const app = new App({ context: recommended });
const named: unknown = app.node.tryGetContext("config") ?? process.env.PGVIGIL_CONFIG;
try {
  const file = typeof named === "string" ? named : await findConfig(process.cwd());
  if (file === undefined) {
    throw new UsageError(
      "there is no pgvigil.config.yaml here or above",
      "npx pgvigil init writes one; cdk deploy -c config=FILE names another.",
    );
  }
  new MonitorStack(app, "Pgvigil", {
    description: "pgvigil: keeps watch over PostgreSQL after every migration",
    config: await loadConfig(file, known),
  });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`pgvigil: ${error.message}`);
  if (error.hint) console.error(error.hint);
  // Else CDK would synthesize what there is so far, as if it were all.
  process.exit(5);
}

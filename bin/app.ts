import { App } from "aws-cdk-lib";
import { known } from "../lib/cli/known.ts";
import { findConfig } from "../lib/config/find.ts";
import { loadConfig } from "../lib/config/load.ts";
import { ConfigError } from "../lib/config/problem.ts";
import { UsageError } from "../lib/core/errors.ts";
import { MonitorStack } from "../lib/monitor-stack.ts";

const app = new App();
const named: unknown = app.node.tryGetContext("config") ?? process.env.PGVIGIL_CONFIG;
try {
  const file = typeof named === "string" ? named : await findConfig(process.cwd());
  if (file === undefined) {
    throw new UsageError(
      "there is no pgvigil.config.yaml here or above",
      "npx pgvigil init writes one; cdk deploy -c config=FILE names another.",
    );
  }
  const config = await loadConfig(file, known);
  new MonitorStack(app, "Pgvigil", {
    description: "pgvigil: keeps watch over PostgreSQL after every migration",
    config,
  });
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
  console.error(`pgvigil: ${error.message}`);
  if (error.hint) console.error(error.hint);
  process.exitCode = 5;
}

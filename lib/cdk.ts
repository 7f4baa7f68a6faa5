import { known } from "./cli/known.ts";
import { loadConfig } from "./config/load.ts";
import type { Config } from "./config/schema.ts";

/**
 * `pgvigil/cdk`: pgvigil as a part of somebody's own app.
 *
 * @example
 *   const config = await readConfig("pgvigil.config.yaml");
 *   new PostgresMonitor(this, "Vigil", { config });
 */
export { PostgresMonitor, type PostgresMonitorProps } from "./constructs/postgres-monitor.ts";
export { MonitorStack, type MonitorStackProps } from "./monitor-stack.ts";
export type { Config };

/**
 * @throws UsageError where the file cannot be read, or with every problem that it has, as the
 *   command line says it
 */
export const readConfig = (file: string): Promise<Config> => loadConfig(file, known);

import { App } from "aws-cdk-lib";
import { MonitorStack } from "../lib/monitor-stack.ts";

new MonitorStack(new App(), "Pgvigil", {
  description: "pgvigil: keeps watch over PostgreSQL after every migration",
});

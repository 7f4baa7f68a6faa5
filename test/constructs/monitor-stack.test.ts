import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, expect, test } from "vitest";
import { known } from "../../lib/cli/known.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { MonitorStack } from "../../lib/monitor-stack.ts";

let template: Template;

beforeAll(async () => {
  const config = await loadConfig("examples/pgvigil.config.yaml", known);
  const app = new App({ context: { "pgvigil:bundle": "false" } });
  template = Template.fromStack(new MonitorStack(app, "Test", { config }));
});

test("Every function runs on Node 24 on ARM, from a role and to a log group of its own", () => {
  const functions = Object.values(template.findResources("AWS::Lambda::Function"));
  expect(functions).toHaveLength(7);
  for (const { Properties } of functions) {
    expect(Properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
  }
  template.resourceCountIs("AWS::Logs::LogGroup", 7);
  template.resourceCountIs("AWS::IAM::Role", 8);
});

import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { MonitorStack } from "../../lib/monitor-stack.ts";

test("the stack synthesizes without an account, a region or a network", () => {
  const template = Template.fromStack(new MonitorStack(new App(), "Test"));
  expect(template.findResources("AWS::Lambda::Function")).toEqual({});
});

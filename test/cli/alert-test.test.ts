import { expect, test } from "vitest";
import { deployedStack, setStack, topicArn } from "../support/aws/deployed-stack.ts";
import { checkout } from "../support/aws/deployment.ts";

test("one marked message goes through every topic of a deployment, as its readers get it", async () => {
  await using place = await checkout(undefined);
  deployedStack(place.aws, "0123456789abcdef");
  const { code, stdout, stderr } = await place.run("alert-test", "--stack", "Pgvigil");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    ["alerts", "chat", "page", "events"].map((name) => `sent to SNS topic ${name}\n`).join(""),
  );
  const sent = new Set(place.aws.topics.published.map(({ topic }) => topic));
  expect(sent).toEqual(new Set(["alerts", "chat", "page", "events"].map(topicArn)));
  const [mail] = place.aws.topics.published.filter(({ topic }) => topic === topicArn("alerts"));
  expect(mail?.subject).toContain("test/alert");
  expect(mail?.message).toContain("Nothing is wrong");
});

test("a topic that may not be used is named, the others are tried all the same", async () => {
  await using place = await checkout(undefined);
  deployedStack(place.aws, "0123456789abcdef");
  place.aws.faults.plan("denied", ({ operation }) => operation === "Publish", 1);
  const { code, stdout, stderr } = await place.run("alert-test", "--stack", "Pgvigil");
  expect(code).toBe(6);
  expect(stderr).toMatch(/SNS topic alerts: .*AWS denies it/);
  expect(stdout.split("\n").filter(Boolean)).toHaveLength(3);
});

test("a stack without topics is a collector, and says who tells", async () => {
  await using place = await checkout(undefined);
  deployedStack(place.aws, "0123456789abcdef");
  setStack(place.aws, "CREATE_COMPLETE", "");
  const { code, stderr } = await place.run("alert-test", "--stack", "Pgvigil");
  expect(code).toBe(5);
  expect(stderr).toContain("the stack Pgvigil has no topics");
});

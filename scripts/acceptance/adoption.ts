import type { Reader } from "./aws.ts";
import { expect, step, until } from "./steps.ts";
import type { Cast } from "./story.ts";
import { outputOf, region } from "./user.ts";

interface Deployment {
  readonly config: object;
  readonly target: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly pager: Reader;
}

/** The stack goes, its bucket stays, and the next stack goes on in it with the same past. */
export async function adoption({ user, aws, shop }: Cast, deployment: Deployment): Promise<void> {
  const { config, target, outputs, pager } = deployment;
  const [store, key] = [outputOf(outputs, "Store"), outputOf(outputs, "Key")];
  const bucket = store.slice("s3://".length);
  const baseline = `baselines/v1/${target}.json`;
  const nightly = () => aws.keysOf(bucket, "runs/v1/profile=nightly/");
  const before = await step("pgvigil seal", async () => {
    const why = ["--why", "release-7", "--target", target, "--store", store];
    const { code, stdout, stderr } = await user.pgvigil("seal", "--last", ...why);
    expect(code === 0, `${code} ${stdout}${stderr}`);
    return aws.bytesOf(bucket, baseline);
  });
  await step("the stack is deleted", async () => {
    const putBack = await aws.kept(bucket, key);
    await aws.deleteStack("Pgvigil");
    await putBack();
  });
  await user.write({ ...config, aws: { region, bucket, key } });
  await step("the next stack adopts its bucket", async () => {
    const next = await user.deploy();
    expect(outputOf(next, "Store") === store, JSON.stringify(next));
  });
  await step("its runs go into the same bucket", async () => {
    const there = new Set(await nightly());
    await until("a new nightly run", 150, async () =>
      (await nightly()).find((key) => !there.has(key)),
    );
  });
  const told = (await pager.read()).length;
  await shop.leaveInvalidIndex();
  await step("EventBridge tells notify of them: what is critical is told", () =>
    until("the event", 150, async () =>
      (await pager.read())
        .slice(told)
        .find(({ check, status }) => check === "indexes/invalid" && status === "opened"),
    ),
  );
  await step("what differs from the old baseline is a drift, and the baseline stands", async () => {
    await until("the drift", 150, async () => {
      const { stdout } = await user.pgvigil("incidents", "--store", store);
      return stdout.includes("schema/drift-from-baseline") || undefined;
    });
    expect((await aws.bytesOf(bucket, baseline)) === before, "the baseline changed");
  });
  await step("deploy-status finds nothing wrong: the bucket tells EventBridge", async () => {
    const { code, stdout, stderr } = await user.pgvigil("deploy-status", "--probe");
    expect(code === 0 && stdout.includes("EventBridge"), `${code}\n${stdout}${stderr}`);
  });
  await step("no dead letters of the next stack either", async () => {
    const waiting = await aws.waiting("Pgvigil", "DeadLetters");
    expect(waiting === 0, `${waiting} dead letters`);
  });
  await step("a stack with a given bucket is deleted: the bucket is not its own", async () => {
    await aws.deleteStack("Pgvigil");
    expect((await aws.bytesOf(bucket, baseline)) === before, "the baseline is gone");
  });
}

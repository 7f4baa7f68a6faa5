import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { awsAt } from "./aws.ts";
import { roleSqlOf, type Shop, startShop } from "./database.ts";
import { startEmulator } from "./emulator.ts";
import { deedsOf, forbidden } from "./forbidden.ts";
import { type Hired, type Hiring, hired } from "./functions.ts";
import { admin, enforce, makeResources } from "./moto.ts";
import { step } from "./steps.ts";
import { type Made, Template } from "./template.ts";
import { region, type User, userOf } from "./user.ts";

const configFor = (url: string, secret: string) => ({
  schemaVersion: 1,
  environments: {
    production: {
      auth: { secret },
      targets: {
        shop: { url },
        asleep: { url: "postgres://pgvigil@127.0.0.1:1/x", pausable: true },
      },
    },
  },
  checks: { "activity/idle-in-transaction": { warning: "1ms", critical: "1ms" } },
  aws: { region },
});

/** Each function's own code with its own role alone, while moto enforces IAM. */
export async function permissions(command: string): Promise<void> {
  await using emulator = await step("moto starts", () =>
    startEmulator(`${command} -H 127.0.0.1 -p PORT`, "/moto-api/"),
  );
  const { endpoint } = emulator;
  await using user = await userOf(endpoint);
  await using shop = await step("PostgreSQL starts", async () => startShop(await roleSqlOf(user)));
  const { hiring, as } = await step("each role has the statements of the template", () =>
    setUp(endpoint, user, shop),
  );
  const staff = {
    dispatch: await hired("dispatch", "Dispatch", hiring),
    pulse: await hired("examine", "Examinepulse", hiring),
    deep: await hired("examine", "Examinedeep", hiring),
    notify: await hired("notify", "Notify", hiring),
    digest: await hired("digest", "Digest", hiring),
  };
  const commit = await shop.sitIdle();
  await enforce(endpoint);
  const desk = deskOf(new S3Client(as), new SQSClient(as), hiring.made);
  for (const profile of ["pulse", "hourly", "nightly"]) {
    await step(`a tick of ${profile}: all that it takes is allowed`, () =>
      tick(profile, staff, desk),
    );
  }
  await step("the morning mail, and what is kept: allowed", async () => {
    for (const job of ["digest", "keep"]) await staff.digest.work({ job, scheduledTime: now() });
  });
  await commit();
  for (const [name, { as }] of Object.entries(staff)) {
    const job = name === "pulse" || name === "deep" ? "examine" : name;
    const count = deedsOf(job).length;
    await step(`${name}: ${count} deeds that are not its work are refused`, () =>
      forbidden(job, as, { made: hiring.made, bucket: desk.bucket }),
    );
  }
}

async function setUp(endpoint: string, user: User, shop: Shop) {
  const login = { username: "pgvigil", password: shop.password };
  await user.write(configFor(shop.url, await awsAt(endpoint).secret("shop-vigil", login)));
  const file = join(user.folder, "pgvigil.config.yaml");
  const config = parseConfig(await readFile(file, "utf8"), file, known);
  const template = await Template.of(user);
  const made = await makeResources(endpoint, template);
  const hiring: Hiring = { endpoint, template, made, config };
  // The watch is opened by a person, who may write watches: here, before anybody asks.
  const watch = ["watch", "start", "--target", "production/shop", "--deploy", "release-7"];
  const opened = await user.pgvigil(...watch, "--store", `s3://${bucketOf(made)}`);
  if (opened.code !== 0) throw new Error(opened.stdout + opened.stderr);
  return { hiring, as: await admin(endpoint) };
}

const bucketOf = (made: ReadonlyMap<string, Made>): string =>
  [...made.values()].find(({ arn }) => arn.startsWith("arn:aws:s3:"))?.ref ?? "";

const now = () => new Date().toISOString();

type Staff = Readonly<Record<"dispatch" | "pulse" | "deep" | "notify" | "digest", Hired>>;
type Desk = ReturnType<typeof deskOf>;

/** What the event source mappings do: hand orders and keys over. */
function deskOf(s3: S3Client, sqs: SQSClient, made: ReadonlyMap<string, Made>) {
  const bucket = bucketOf(made);
  return {
    bucket,
    async orders(lane: "pulse" | "deep"): Promise<readonly string[]> {
      const [, queue] = [...made].find(([id]) => id.includes(`Queue${lane}`)) ?? [];
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queue?.ref, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body = "" }) => Body);
    },
    async runs(): Promise<readonly string[]> {
      const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: "runs/" });
      const { Contents = [] } = await s3.send(list);
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
  };
}

const eventOf = (bodies: readonly string[]) => ({
  Records: bodies.map((body, i) => ({ messageId: String(i), body })),
});

async function tick(profile: string, staff: Staff, desk: Desk): Promise<void> {
  const before = new Set(await desk.runs());
  await staff.dispatch.work({ profile, scheduledTime: now() });
  for (const lane of ["pulse", "deep"] as const) {
    const orders = await desk.orders(lane);
    if (orders.length > 0) await staff[lane].work(eventOf(orders));
  }
  const written = (await desk.runs()).filter((key) => !before.has(key));
  if (written.length === 0) throw new Error(`no run of ${profile} was written`);
  const told = written.map((key) =>
    JSON.stringify({ Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] }),
  );
  await staff.notify.work(eventOf(told));
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { adoption } from "./adoption.ts";
import type { awsAt, Told } from "./aws.ts";
import type { Shop } from "./database.ts";
import { expect, step, until } from "./steps.ts";
import { outputOf, region, type User } from "./user.ts";

export interface Cast {
  readonly user: User;
  readonly aws: ReturnType<typeof awsAt>;
  readonly shop: Shop;
}

/** Every minute, so that nobody waits for long; a minute is the shortest there is. */
const everyMinute = "* * * * *";

const target = "production/shop";

function configFor(url: string, secret: string, queues: { critical: string; all: string }) {
  return {
    schemaVersion: 1,
    environments: {
      production: { auth: { secret }, targets: { shop: { url } } },
    },
    profiles: {
      pulse: {
        every: "1min",
        checks: { "activity/idle-in-transaction": { warning: "5s", critical: "20s" } },
      },
      hourly: { cron: everyMinute },
      nightly: { cron: everyMinute },
    },
    alerts: {
      subscriptions: [
        { topic: "events", sqs: queues.critical, severity: ["critical"] },
        { topic: "alerts", sqs: queues.all },
      ],
    },
    aws: { region },
  };
}

/** From an empty account to a verdict, and over the end of the stack to the next one. */
export async function story({ user, aws, shop }: Cast): Promise<void> {
  const pager = await aws.reader("critical");
  const mail = await aws.reader("mail");
  await step(
    "pgvigil init --from rds writes what RDS runs, what is missing, and a role's SQL",
    async () => {
      const group = await aws.instance("orders", "production");
      const output = join(user.folder, "from-rds.yaml");
      const words = ["--from", "rds", "--tag", "env=production", "--output", output];
      const { stdout, stderr } = await user.pgvigil("init", ...words);
      const text = await readFile(output, "utf8");
      expect(/orders:\n +url: .*\n +auth: \{ iam: /.test(text), text + stderr);
      expect(text.includes(`#   ${group}, port 5432: orders`), text + stderr);
      expect(/routeTables: \[rtb-\w+\]\n +s3Endpoint: create/.test(text), text + stderr);
      expect(/CREATE ROLE "pgvigil"[\s\S]*GRANT rds_iam/.test(stdout), stdout);
    },
  );
  const secret = await aws.secret("shop-vigil", { username: "pgvigil", password: shop.password });
  const config = configFor(shop.url, secret, { critical: pager.arn, all: mail.arn });
  await user.write(config);
  await step("cdk bootstrap", () =>
    user.cdk("bootstrap", `aws://000000000000/${region}`, "-c", "pgvigil:bundle=false"),
  );
  const outputs = await step("cdk deploy", () => user.deploy());
  const store = outputOf(outputs, "Store");
  const bucket = store.slice("s3://".length);
  const runs = async (profile: string): Promise<readonly string[]> =>
    aws.keysOf(bucket, `runs/v1/profile=${profile}/`);

  await step("schedules fire: a run of each profile is in S3", async () => {
    for (const profile of ["pulse", "hourly", "nightly"]) {
      await until(`a ${profile} run`, 150, async () => (await runs(profile)).at(0));
    }
  });
  await step("pgvigil runs --store s3://… reads them", async () => {
    const { code, stdout, stderr } = await user.pgvigil("runs", "--store", store);
    expect(code === 0 && stdout.includes("nightly"), `${code} ${stdout}${stderr}`);
  });
  await step("the first report tells of nothing that was there before", async () => {
    const told = await pager.read();
    expect(told.length === 0, JSON.stringify(told));
  });

  await step("alert-test --stack: the first mail", async () => {
    const { code, stdout, stderr } = await user.pgvigil("alert-test", "--stack", "Pgvigil");
    expect(code === 0, stdout + stderr);
    await until("the mail", 60, async () =>
      (await mail.read()).find(({ body }) => /This is a test/.test(body)),
    );
  });

  const commit = await shop.sitIdle();
  const idle = await step("a session that forgets its transaction is a critical event", () =>
    until("the event", 150, async () =>
      (await pager.read()).find(({ check }) => check === "activity/idle-in-transaction"),
    ),
  );
  expect(isCritical(idle) && /^(opened|worsened)$/.test(idle.status ?? ""), JSON.stringify(idle));
  // An index is built when older transactions have ended.
  await commit();
  await shop.leaveInvalidIndex();
  await step("an index that was left invalid is a critical event", () =>
    until("the event", 150, async () =>
      (await pager.read()).find(({ check }) => check === "indexes/invalid"),
    ),
  );
  await step("the queue that wants critical ones alone has no other", async () => {
    const others = (await pager.read()).filter((told) => !isCritical(told));
    expect(others.length === 0, JSON.stringify(others));
  });
  await step("the mail names them, and what to type", () =>
    until("both mails", 60, async () => {
      const bodies = (await mail.read()).map(({ body }) => body);
      const said = (words: RegExp) => bodies.some((body) => words.test(body));
      return (said(/pg_terminate_backend|pg_cancel/) && said(/orders_number_key/)) || undefined;
    }),
  );
  await step("pgvigil incidents --store s3://… names the one that is open", async () => {
    const { stdout, stderr } = await user.pgvigil("incidents", "--store", store);
    expect(stdout.includes("indexes/invalid"), stdout + stderr);
  });
  await shop.mendIndex();
  await step("both are resolved when they are gone", () =>
    until("resolved", 180, async () => {
      const resolved = (await pager.read()).filter(({ status }) => status === "resolved");
      return resolved.length >= 2 || undefined;
    }),
  );

  const verdict = await step(
    "a watch opens, looks, and closes by itself with a verdict",
    async () => {
      const start = ["--deploy", "release-7", "--phases", "1min/2min", "--target", target];
      const { code, stdout, stderr } = await user.pgvigil(
        "watch",
        "start",
        "--store",
        store,
        ...start,
      );
      expect(code === 0, `${code} ${stdout}${stderr}`);
      return until("the verdict", 300, async () => (await mail.read()).find(isVerdict));
    },
  );
  console.log(`         "${(verdict.subject ?? verdict.body.split("\n")[0] ?? "").trim()}"`);
  await step("deploy-status finds nothing wrong", async () => {
    const { code, stdout, stderr } = await user.pgvigil("deploy-status", "--probe");
    expect(code === 0, `${code}\n${stdout}${stderr}`);
  });
  await step("no dead letters", async () => {
    const waiting = await aws.waiting("Pgvigil", "DeadLetters");
    expect(waiting === 0, `${waiting} dead letters`);
  });

  await adoption({ user, aws, shop }, { config, target, outputs, pager });
}

/** One that worsened is both: who filters by either is told. */
const isCritical = ({ severity = "" }: Told): boolean => /\bcritical\b/.test(severity);

const isVerdict = ({ body, subject = "" }: Told): boolean =>
  /release-7/.test(body + subject) && /verdict|healthy|watch (is )?over/i.test(body + subject);

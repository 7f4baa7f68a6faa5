import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { sessionsIn } from "../lib/adapters/aws/lambda/sessions.ts";
import { smokeStack } from "./aws-smoke/stack.ts";
import { conditionalWrites, deliveries, type Tried } from "./aws-smoke/tries.ts";

const usage = `node scripts/aws-smoke.ts [--database URL] [--stack NAME] --yes

What no emulator proves (docs/aws.md), tried in the account of these credentials. It makes ONE
CloudFormation stack, pgvigil-smoke-<time>: a bucket, two queues, a topic, an alarm, a schedule, three
roles and a key; and deletes it when it is done, which takes 10 minutes. A deleted key is pending
for 7 days and costs nothing. All of it costs less than 5 cents.

  --database  postgres://role@endpoint/database of RDS, to log in by IAM token: these credentials
              need rds-db:connect, and this machine a way there
  --stack     a deployment of pgvigil: the ways from inside its networks are tried (deploy-status
              --probe), and one marked message goes through every topic (alert-test)
  --yes       without it nothing is done`;

const { values } = parseArgs({
  options: {
    database: { type: "string" },
    stack: { type: "string" },
    yes: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help || !values.yes) {
  console.log(usage);
  process.exit(values.help ? 0 : 5);
}

const rows: (Tried | { what: string; holds: undefined; detail: string })[] = [];
const { Arn } = await new STSClient().send(new GetCallerIdentityCommand());
console.log(`as ${Arn}`);
{
  const name = `pgvigil-smoke-${Date.now().toString(36)}`;
  console.log(
    `stack ${name}: if this is interrupted, aws cloudformation delete-stack takes it away`,
  );
  await using stack = await smokeStack(name);
  rows.push(...(await conditionalWrites(stack)), ...(await deliveries(stack, 420)));
}
rows.push(
  await byToken(values.database),
  byProgram("from inside the network: DNS, TCP, TLS, login, S3 by the gateway", values.stack, [
    ...["deploy-status", "--probe", "--stack"],
  ]),
  byProgram("one marked message through every topic", values.stack, ["alert-test", "--stack"]),
);
for (const what of [
  "the mail arrived; its subject is whole, its commands can be pasted",
  "Amazon Q shows a card, and the next of the same incident in its thread",
  "PagerDuty opened one incident by AlarmName, and ended it",
]) {
  rows.push({ what, holds: undefined, detail: values.stack ? "look" : "needs --stack" });
}
for (const { what, holds, detail } of rows) {
  const word = holds === undefined ? "  ?" : holds ? "yes" : " NO";
  console.log(`${word}  ${what.padEnd(70)} ${detail}`);
}
process.exitCode = rows.some(({ holds }) => holds === false) ? 1 : 0;

async function byToken(url: string | undefined) {
  const what = "IAM token: login, and TLS against the RDS roots";
  if (url === undefined) return { what, holds: undefined, detail: "left out" };
  const limits = { connect: 5000, statement: 5000, lock: 200 };
  const open = sessionsIn({ env: process.env, clock: () => new Date() });
  try {
    await using session = await open({ url, auth: { iam: {} }, limits });
    return { what, holds: true, detail: `${session.server.role}, ${session.server.version}` };
  } catch (error) {
    return { what, holds: false, detail: String(error) };
  }
}

/** The program itself, on what is deployed; its last line is the detail. */
function byProgram(what: string, on: string | undefined, args: readonly string[]) {
  if (on === undefined) return { what, holds: undefined, detail: "left out" };
  try {
    const said = execFileSync(process.execPath, ["bin/pgvigil.ts", ...args, on], {
      encoding: "utf8",
    });
    return { what, holds: true, detail: said.trim().split("\n").at(-1) ?? "" };
  } catch (error) {
    return { what, holds: false, detail: String(Object(error).stdout || error).trim() };
  }
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../../lib/adapters/local/embedded-postgres.ts";
import { fakeAws } from "../../test/support/aws/fake-aws.ts";
import { configFor } from "../../test/support/aws/functions.ts";
import { generateTables } from "./database.ts";
import { asAtRds, encrypt, rootCertificate } from "./encrypted.ts";
import { proxyTo } from "./proxy.ts";

/** Milliseconds of a round trip to a database in another zone of the region, and of a request to S3. */
export const distances = { database: 1, aws: 20 } as const;

/** TCP, and TLS 1.3 after PostgreSQL's own question for it. */
const handshakes = 1;

/**
 * A pack of 25 databases, the first of so many tables, on one server that is reached by TLS, as one
 * at RDS is, and a fake of AWS, both as far away as they are in a region.
 */
export async function deployed(tables: number) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startEmbedded({ settings: { autovacuum: "off" } }));
  const aws = stack.use(await fakeAws());
  aws.buckets.pageSize = 1000;
  aws.buckets.notify("vigil", "runs/v1/", "runs");
  for (const each of ["Cluster", "Instance"]) {
    aws.queries.results.set(`DescribeDB${each}s`, `<DB${each}s></DB${each}s>`);
  }
  const topics = Object.fromEntries(
    ["alerts", "chat", "page", "events"].map((name) => [name, aws.topics.create(name)]),
  );
  const names = Array.from({ length: 25 }, (_, i) => `shop_${i}`);
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query("CREATE DATABASE shop_1");
  await generateTables(server.url("shop_1"), 20);
  for (const name of names.slice(2)) await admin.query(`CREATE DATABASE ${name} TEMPLATE shop_1`);
  await admin.query("CREATE DATABASE shop_0");
  await generateTables(server.url("shop_0"), tables);
  await encrypt(server, admin);
  await admin.end();

  const near = stack.use(
    await proxyTo("127.0.0.1", server.port, distances.database, { handshakes }),
  );
  const there = new URL(aws.endpoint);
  const far = stack.use(
    await proxyTo(there.hostname, Number(there.port), distances.aws, { isPostgres: false }),
  );
  const endpoint = `http://127.0.0.1:${far.port}`;
  const queue = (name: string) => `${endpoint}/111122223333/${name}`;
  const url = (name: string) => asAtRds(server.url(name), near.port);
  return {
    version: server.version,
    traffic: near.traffic,
    config: configFor(Object.fromEntries(names.map((name) => [`production/${name}`, url(name)]))),
    env: {
      ...{ PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: rootCertificate },
      ...{ PGVIGIL_STORE: "s3://vigil", POWERTOOLS_SERVICE_NAME: "pgvigil" },
      PGVIGIL_TOPICS: JSON.stringify(topics),
      PGVIGIL_QUEUES: JSON.stringify({ open: { pulse: queue("pulse"), deep: queue("deep") } }),
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: "eu-central-1" },
      ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
    },
    /** Work that is there for a queue's reader, one message an event. */
    taken: (name: string): readonly unknown[] =>
      aws.queues
        .of(name)
        .splice(0)
        .filter(({ body }) => !body.includes("TestEvent"))
        .map(({ id, body }) => ({ Records: [{ messageId: id, body }] })),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
export type Deployed = Awaited<ReturnType<typeof deployed>>;

/** Beside the bundles, as the stack puts it there. */
export const configured = async ({ config }: Deployed, folder: string, name: string) =>
  writeFile(join(folder, name, "config.json"), JSON.stringify(config));

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { roleScript } from "../lib/checks/reads/role-sql.ts";
import { generateTables } from "./support/database.ts";
import { fleetOf, type Requests, type Tick, tick } from "./support/fleet.ts";
import { table } from "./support/table.ts";

/**
 * A fleet of databases on one server, in packs over the functions' own handlers and the fake of
 * AWS, against one database after the other. Every request to AWS is counted.
 *
 *   node bench/fleet.ts [databases] [tables]
 *   node bench/fleet.ts --write
 *
 * `--write` keeps the counts of an ordinary day in `bench/fleet.json`, of which `npm run generate`
 * makes the tables of `docs/cost.md`.
 */
const words = process.argv.slice(2);
const isWriting = words.includes("--write");
const [databases = isWriting ? 50 : 300, tables = 20] = words.map(Number).filter(Boolean);
const profiles = ["pulse", "hourly", "nightly"] as const;

await using server = await startEmbedded({
  settings: { autovacuum: "off", max_connections: "40" },
});
const admin = new pg.Client({ connectionString: server.url("postgres") });
await admin.connect();
await admin.query("CREATE DATABASE shop");
await generateTables(server.url("shop"), tables);
const owner = new pg.Client({ connectionString: server.url("shop") });
await owner.connect();
await owner.query(roleScript("pgvigil", "shop", 3));
await owner.query("ALTER ROLE pgvigil PASSWORD 'bench' CONNECTION LIMIT 20");
await owner.end();
const urls: string[] = [];
for (let i = 0; i < databases; i += 1) {
  const name = `shop_${i}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE shop STRATEGY file_copy`);
  urls.push(`postgres://pgvigil:bench@127.0.0.1:${server.port}/${name}`);
}

/** The most connections of ours that were open at once. */
async function watchingConnections<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  let most = 0;
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      const { rows } = await admin.query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'pgvigil'",
      );
      most = Math.max(most, rows[0].n);
      await sleep(10);
    }
  };
  const watching = watch();
  try {
    return [await work(), most] as const;
  } finally {
    isOver = true;
    await watching;
  }
}

/** Every profile once, so that nobody is new; then each again, an ordinary day. */
async function day(urls: readonly string[], single = false) {
  let now = Date.UTC(2026, 10, 20, 12, 0);
  await using here = await fleetOf(urls, new Date(now));
  const at = (minutes: number) => {
    now += minutes * 60_000;
    here.now = new Date(now);
  };
  for (const profile of profiles) await tick(here, profile, { single });
  for (let again = 0; again < 2; again += 1) {
    at(5);
    await tick(here, "pulse", { single });
  }
  const ticks: Partial<Record<(typeof profiles)[number], Tick & { most: number }>> = {};
  for (const profile of profiles) {
    at(5);
    const [measured, most] = await watchingConnections(() => tick(here, profile, { single }));
    ticks[profile] = { ...measured, most };
  }
  return ticks;
}

const sum = (requests: Requests): number => Object.values(requests).reduce((a, b) => a + b, 0);
const total = ({ requests }: Tick, name: string): number =>
  Object.values(requests).reduce((all, of) => all + (of[name] ?? 0), 0);

const sayTotals = async (): Promise<void> => {
  const packs = await day(urls);
  const singles = await day(urls, true);
  console.log(
    `PostgreSQL ${server.version}, ${databases} databases of ${tables} tables, one server`,
  );
  const names = ["s3 GET", "s3 HEAD", "s3 PUT", "s3 LIST", "sqs SendMessageBatch", "sns Publish"];
  console.log(
    table(
      ["one tick", "wall s", "CPU s", "at once", ...names, "ratio"],
      profiles.flatMap((profile) => {
        const [ours, theirs] = [packs[profile], singles[profile]];
        if (ours === undefined || theirs === undefined) return [];
        const row = (name: string, one: Tick & { most: number }) => [
          `${profile}, ${name}`,
          (one.wallMs / 1000).toFixed(2),
          (one.cpuMs / 1000).toFixed(2),
          String(one.most),
          ...names.map((each) => String(total(one, each))),
          (
            Object.values(one.requests)
              .map(sum)
              .reduce((a, b) => a + b, 0) /
            Object.values(ours.requests)
              .map(sum)
              .reduce((a, b) => a + b, 0)
          ).toFixed(1),
        ];
        return [row("in packs", ours), row("one by one", theirs)];
      }),
    ),
  );
};

/** Three sizes tell apart what a tick costs, what a pack, and what a database. */
async function writeCounts(): Promise<void> {
  const counted = [];
  for (const size of [1, 25, 50]) {
    const ticks = await day(urls.slice(0, size));
    counted.push({ databases: size, packs: Math.ceil(size / 25), ticks });
  }
  const file = join(import.meta.dirname, "fleet.json");
  const counts = { postgres: server.version, tables, counted };
  await writeFile(file, `${JSON.stringify(counts, null, 2)}\n`);
}

await (isWriting ? writeCounts() : sayTotals());
await admin.end();

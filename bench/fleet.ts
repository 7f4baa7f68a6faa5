import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { roleScript } from "../lib/checks/reads/role-sql.ts";
import { encode } from "../lib/core/document.ts";
import type { Store } from "../lib/core/ports.ts";
import { longestPass } from "../lib/incidents/calm.ts";
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
 * makes the tables of `docs/cost.md`: of a fleet of one, of one pack and of two, which tell apart what
 * a tick costs, what a pack, and what a database. Beside them the requests of a pulse whose documents
 * were last written a day ago, and are therefore written.
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

type Measured = Tick & { readonly most: number };
type Ticks = Readonly<Record<(typeof profiles)[number], Measured>>;

/** A morning that makes everybody known; each profile's tick from twelve on is an ordinary one. */
async function ordinaryDay(urls: readonly string[]) {
  const here = await fleetOf(urls, at(10, 55));
  const go = async (hours: number, minutes: number, profile: keyof Ticks, single = false) => {
    here.now = at(hours, minutes);
    const [measured, most] = await watchingConnections(() => tick(here, profile, { single }));
    return { ...measured, most };
  };
  await go(10, 55, "nightly");
  await go(11, 0, "hourly");
  for (const minutes of [50, 55]) await go(11, minutes, "pulse");
  const hourly = await go(12, 0, "hourly");
  for (const minutes of [5, 10]) await go(12, minutes, "pulse");
  const pulse = await go(12, 15, "pulse");
  return { here, go, ticks: { pulse, hourly, nightly: await go(12, 20, "nightly") } };
}

const at = (hours: number, minutes: number): Date =>
  new Date(Date.UTC(2026, 10, 20, hours, minutes));

const sum = (requests: Requests): number => Object.values(requests).reduce((a, b) => a + b, 0);
const total = ({ requests }: Tick, name: string): number =>
  Object.values(requests).reduce((all, of) => all + (of[name] ?? 0), 0);

const sayTotals = async (): Promise<void> => {
  const { here, go, ticks: packs } = await ordinaryDay(urls);
  await using _ = here;
  // Once before, for a past of their own.
  await go(12, 25, "pulse", true);
  const singles: Ticks = {
    pulse: await go(12, 30, "pulse", true),
    hourly: await go(13, 0, "hourly", true),
    nightly: await go(13, 5, "nightly", true),
  };
  console.log(
    `PostgreSQL ${server.version}, ${databases} databases of ${tables} tables, one server`,
  );
  const names = ["s3 GET", "s3 HEAD", "s3 PUT", "s3 LIST", "sqs SendMessageBatch", "sns Publish"];
  console.log(
    table(
      ["one tick", "wall s", "CPU s", "at once", ...names, "ratio"],
      profiles.flatMap((profile) => {
        const [ours, theirs] = [packs[profile], singles[profile]];
        const row = (name: string, one: Measured) => [
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

async function writeCounts(): Promise<void> {
  const counted = [];
  for (const size of [1, 25, 50]) {
    const { here, go, ticks } = await ordinaryDay(urls.slice(0, size));
    await using _ = here;
    await go(12, 25, "pulse");
    await forgetPulses(here.store);
    const written = await go(12, 30, "pulse");
    counted.push({ databases: size, packs: Math.ceil(size / 25), ticks: { ...ticks, written } });
  }
  const file = join(import.meta.dirname, "fleet.json");
  const counts = { postgres: server.version, tables, counted };
  await writeFile(file, `${JSON.stringify(counts, null, 2)}\n`);
}

/** As if no pulse had been written down for so long that the next one is: calm ones are in their runs. */
async function forgetPulses(store: Store): Promise<void> {
  for (const key of await store.list("incidents/v1/")) {
    const stored = await store.get(key);
    const document = JSON.parse(new TextDecoder().decode(stored?.body));
    document.profiles.pulse = new Date(at(12, 0).getTime() - longestPass).toISOString();
    await store.put(key, await encode(key, document));
  }
}

await (isWriting ? writeCounts() : sayTotals());
await admin.end();

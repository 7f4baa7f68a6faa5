import { expect, inject, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import type { Message } from "../../lib/core/alert.ts";
import { sayTarget } from "../../lib/core/target.ts";
import { packName } from "../../lib/dispatch/order.ts";
import { renderDigest } from "../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../lib/render/alerts/index.ts";
import { plainOf } from "../../lib/render/alerts/plain.ts";
import { runKey } from "../../lib/run/keep-run.ts";
import { sendDigest } from "../../lib/service/digest.ts";
import { examineOrder } from "../../lib/service/examine.ts";
import { takeIn } from "../../lib/service/take-in.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { session } from "../support/sessions.ts";
import { configuration, etlRule, partitionRule } from "./fortnight/configuration.ts";
import { dateAt, day, hour, isoAt, sayMinute } from "./fortnight/time.ts";

const partition = (days: number): string => {
  const [from, to] = [isoAt(days * day).slice(0, 10), isoAt((days + 1) * day).slice(0, 10)];
  const name = `events_${from.replaceAll("-", "_")}`;
  return `CREATE TABLE ${name} PARTITION OF events FOR VALUES FROM ('${from}') TO ('${to}')`;
};
const dropped = (days: number): string =>
  `DROP TABLE events_${isoAt(days * day)
    .slice(0, 10)
    .replaceAll("-", "_")}`;

const setup = `
  CREATE SCHEMA staging;
  CREATE TABLE customers (id int PRIMARY KEY, name text);
  CREATE TABLE orders (id bigserial PRIMARY KEY, customer int REFERENCES customers, cents int);
  CREATE INDEX orders_customer ON orders (customer);
  CREATE TABLE audit (id bigserial PRIMARY KEY, what text);
  CREATE TABLE staging.load (id int, cents int);
  CREATE TABLE facts (day int, id int, cents int);
  CREATE TABLE events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE INDEX events_at ON events (at);
  ${[-3, -2, -1, 0].map(partition).join(";")};
  CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
  INSERT INTO schema_migrations VALUES (41, false);
  INSERT INTO customers SELECT i, 'customer ' || i FROM generate_series(1, 200) i;
  INSERT INTO orders (customer, cents) SELECT 1 + i % 200, i FROM generate_series(1, 5000) i;
  INSERT INTO audit (what) SELECT repeat('x', 80) FROM generate_series(1, 5000) i;
  INSERT INTO staging.load SELECT i, i FROM generate_series(1, 4000) i;
  ANALYZE`;

/** The fleet as it is deployed: orders are looked at, and runs taken in, on a turned clock. */
function deployment(databases: readonly TestDatabase[]) {
  const config = parseConfig(
    configuration(databases.length, [etlRule, partitionRule]),
    "pgvigil.yaml",
    known,
  );
  const store = memoryStore();
  const sent: string[] = [];
  let minute = 0;
  const clock = () => dateAt(minute);
  const outlet = {
    name: "test",
    async send({ topic, subject, body }: Message) {
      if (topic === "alerts") sent.push(`${sayMinute(minute)} ${subject}\n${body}`);
    },
  };
  const renderers = { bulletin: renderBulletin, digest: renderDigest, plain: plainOf };
  const delivery = { renderers, outlets: [outlet] };
  const names = databases.map((_, i) => `production/db-0${i + 1}`);
  return {
    sent,
    async look(at: number, profile: "pulse" | "hourly" | "nightly") {
      minute = at;
      const order = {
        ...{ schemaVersion: 1 as const, profile, scheduledAt: isoAt(at), network: "open" },
        ...{ pack: packName("production", names), part: 0, targets: names },
      };
      const examined = await examineOrder(order, {
        ...{ config, store, clock, time: 60_000, version: "1.0.0" },
        connect: ({ target }) =>
          sessionAt(databases[names.indexOf(sayTarget(target))]?.url() ?? ""),
      });
      if (examined.is !== "looked") throw new Error(examined.is);
      await takeIn(runKey(examined.run), { config, store, clock, delivery });
      return examined.run;
    },
    async digest(at: number) {
      minute = at;
      await sendDigest(isoAt(at), { config, store, clock, delivery });
    },
  };
}

test("four nights of ETL, backups, partitions, upkeep and a release on real databases: digests alone", async () => {
  await using first = await testDatabase({ sql: setup });
  await using second = await testDatabase({ sql: setup });
  const databases = [first, second];
  const fleet = deployment(databases);
  const everywhere = (sql: string) => Promise.all(databases.map((db) => db.sql(sql)));
  const etl = await Promise.all(databases.map((db) => session(db, "airflow")));
  const dumps = await Promise.all(databases.map((db) => session(db, "pg_dump")));

  // Thursday to Sunday; whatever is there on the first evening is how it is.
  const thursday = 3 * day;
  for (const profile of ["pulse", "hourly", "nightly"] as const) {
    await fleet.look(thursday - 2 * hour, profile);
  }
  for (const night of [3, 4, 5, 6]) {
    const midnight = night * day;
    await everywhere(partition(night - 2));
    await everywhere(dropped(night - 6));
    await fleet.look(midnight + hour, "hourly");
    // It is at work while we look: what it emptied nobody sees empty.
    for (const client of etl) {
      await client.query(`BEGIN; TRUNCATE staging.load;
        INSERT INTO staging.load SELECT i, i FROM generate_series(1, 4000) i`);
    }
    await fleet.look(midnight + hour + 30, "pulse");
    for (const client of etl) {
      await client.query("INSERT INTO facts SELECT $1, id, cents FROM staging.load", [night]);
      await client.query("COMMIT");
    }
    for (const client of dumps) {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM orders");
    }
    await fleet.look(midnight + 3 * hour, "nightly");
    for (const client of dumps) await client.query("COMMIT");
    if (night === 6) {
      await everywhere("VACUUM FULL audit");
      if (inject("major") >= 14) await everywhere("REINDEX TABLE CONCURRENTLY orders");
      await fleet.look(midnight + 5 * hour, "hourly");
    }
    if (night < 5) await fleet.digest(midnight + 8 * hour);
    if (night === 4) {
      await everywhere(`ALTER TABLE orders ADD COLUMN gift boolean;
                        UPDATE schema_migrations SET version = 42`);
      await fleet.look(midnight + 11 * hour, "hourly");
    }
    await everywhere(`INSERT INTO orders (customer, cents) SELECT 1 + i % 200, i
                        FROM generate_series(1, 200) i;
                      DELETE FROM audit WHERE id % 50 = ${night}`);
  }
  await fleet.look(7 * day + 3 * hour, "nightly");
  await fleet.digest(7 * day + 8 * hour);
  expect(fleet.sent.map((said) => said.split("\n")[0])).toEqual([
    "Thu 05 08:00 [DIGEST] 2 of 2 looked at; no blind spots; nothing open",
    "Fri 06 08:00 [DIGEST] 2 of 2 looked at; no blind spots; nothing open",
    "Mon 09 08:00 [DIGEST] 2 of 2 looked at; no blind spots; nothing open",
  ]);
  expect(fleet.sent.slice(1).join("\n")).not.toMatch(/^(BEGAN|ENDED)/m);
}, 120_000);

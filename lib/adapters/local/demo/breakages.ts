import type { Stage } from "./stage.ts";

/** One way to leave a database worse than it was. `title` is how it happens to real teams. */
export interface Breakage {
  readonly title: string;
  /** The checks that must notice. */
  readonly noticedBy: readonly string[];
  readonly minMajor?: number;
  apply(stage: Stage): Promise<void>;
}

export const breakages: readonly Breakage[] = [
  {
    title: "a unique index is built over duplicates, fails, and stays behind",
    noticedBy: ["indexes/invalid"],
    apply: ({ attempt }) =>
      attempt("CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number)"),
  },
  {
    title: "migration 5 dies half way",
    noticedBy: ["migrations/dirty"],
    apply: ({ sql }) => sql("UPDATE schema_migrations SET version = 5, dirty = true"),
  },
  {
    title: "a constraint is added NOT VALID and never validated",
    noticedBy: ["constraints/not-validated"],
    apply: ({ sql }) =>
      sql("ALTER TABLE customers ADD CONSTRAINT adult CHECK (born_on < '2008-01-01') NOT VALID"),
  },
  {
    title: "a foreign key is declared NOT ENFORCED",
    noticedBy: ["constraints/not-enforced"],
    minMajor: 18,
    apply: ({ sql }) =>
      sql(`ALTER TABLE orders ADD COLUMN referrer_id int;
           ALTER TABLE orders ADD CONSTRAINT orders_referrer_fkey
             FOREIGN KEY (referrer_id) REFERENCES customers NOT ENFORCED`),
  },
  {
    title: "triggers are switched off for a bulk load, rows lose their parents, nobody switches on",
    noticedBy: ["constraints/disabled-trigger", "integrity/foreign-key-orphans"],
    apply: ({ sql }) =>
      sql(`ALTER TABLE order_lines DISABLE TRIGGER ALL;
           INSERT INTO order_lines SELECT 900000 + i, 1, 1 FROM generate_series(1, 17) i`),
  },
  {
    title: "somebody mends production by hand",
    noticedBy: ["schema/drift-from-baseline", "schema/drift-from-last"],
    apply: ({ sql }) =>
      sql(`ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2);
           DROP INDEX orders_customer_idx`),
  },
  {
    title: "an int4 key has been counting for years",
    noticedBy: ["capacity/sequence-exhaustion"],
    apply: ({ sql }) => sql("SELECT setval('orders_id_seq', 2060000000)"),
  },
  {
    title: "a worker opens a transaction, takes a lock and waits for something else",
    noticedBy: [
      "activity/long-transaction",
      "activity/idle-in-transaction",
      "activity/oldest-xmin",
    ],
    apply: async ({ open }) => {
      const worker = await open("billing-worker");
      await worker.query("BEGIN; LOCK TABLE payments; SELECT txid_current()");
    },
  },
  {
    title: "three requests queue behind it",
    noticedBy: ["locks/blocking-chain"],
    apply: async ({ open }) => {
      for (let i = 0; i < 3; i += 1) {
        const request = await open("shop-web");
        request.query("SELECT count(*) FROM payments").catch(() => undefined);
      }
    },
  },
  {
    title: "a two-phase commit loses its coordinator",
    noticedBy: ["activity/prepared-transaction"],
    apply: async ({ open }) => {
      const coordinator = await open("checkout");
      await coordinator.query(`BEGIN; UPDATE products SET price = price WHERE id = 1;
                               PREPARE TRANSACTION 'checkout-4711'`);
    },
  },
  {
    title: "a replication slot outlives its consumer, and the WAL it wants is gone",
    noticedBy: ["capacity/replication-slot"],
    apply: async ({ sql }) => {
      await sql("SELECT pg_create_physical_replication_slot('old_replica', true)");
      for (let i = 0; i < 4; i += 1) {
        await sql("CREATE TABLE junk AS SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
        await sql("DROP TABLE junk");
        await sql("SELECT pg_switch_wal()");
      }
      await sql("CHECKPOINT");
    },
  },
  {
    title: "a role is at its connection limit",
    noticedBy: ["capacity/connections"],
    apply: async ({ sql, open }) => {
      await sql("ALTER ROLE shop CONNECTION LIMIT 7");
      for (let i = 0; i < 2; i += 1) await open("shop-web");
    },
  },
  {
    title: "autovacuum has been off for a billion transactions",
    noticedBy: ["capacity/wraparound"],
    // Nobody waits for a billion transactions in a demo: the catalog is told that they passed.
    apply: ({ sql }) =>
      sql(`UPDATE pg_database
              SET datfrozenxid = ((pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())
                                   + 4294967296 - 1200000000) % 4294967296)::text::xid
            WHERE datname = current_database()`),
  },
];

import type { Mutation } from "./mutation.ts";

const invalid = (name: string, isValid: boolean) =>
  `UPDATE pg_index SET indisvalid = ${isValid} WHERE indexrelid = '${name}'::regclass`;

export const ofIndexes: readonly Mutation[] = [
  [
    "an index more",
    "CREATE INDEX extra ON app.orders (note)",
    "DROP INDEX app.extra",
    "added index app.extra",
  ],
  [
    "an index gone",
    "DROP INDEX app.customers_email",
    "CREATE UNIQUE INDEX customers_email ON app.customers (email)",
    "removed index app.customers_email",
  ],
  [
    "no longer unique",
    "DROP INDEX app.customers_email; CREATE INDEX customers_email ON app.customers (email)",
    "DROP INDEX app.customers_email; CREATE UNIQUE INDEX customers_email ON app.customers (email)",
    "changed index app.customers_email: structure.definition structure.unique",
  ],
  [
    "an index's predicate",
    "DROP INDEX app.orders_total_idx; CREATE INDEX orders_total_idx ON app.orders (total) WHERE total > 99",
    "DROP INDEX app.orders_total_idx; CREATE INDEX orders_total_idx ON app.orders (total) WHERE total > 100",
    "changed index app.orders_total_idx: structure.definition",
  ],
  [
    "an index's options",
    "ALTER INDEX app.orders_total_idx SET (fillfactor = 50, deduplicate_items = off)",
    "ALTER INDEX app.orders_total_idx RESET (fillfactor, deduplicate_items)",
    "changed index app.orders_total_idx: physical.options",
  ],
  [
    "an index's statistics",
    "ALTER INDEX app.orders_expression ALTER 1 SET STATISTICS 300",
    "ALTER INDEX app.orders_expression ALTER 1 SET STATISTICS -1",
    "changed index app.orders_expression: physical.statistics",
  ],
  [
    "clustered",
    "ALTER TABLE app.customers CLUSTER ON customers_email",
    "ALTER TABLE app.customers SET WITHOUT CLUSTER",
    "changed index app.customers_email: physical.clustered",
  ],
  [
    "an index invalid",
    invalid("app.customers_email", false),
    invalid("app.customers_email", true),
    "changed index app.customers_email: validity.invalid",
  ],
  [
    "a primary key's index invalid",
    invalid("app.orders_pkey", false),
    invalid("app.orders_pkey", true),
    "changed index app.orders_pkey: validity.invalid",
  ],
  [
    "a partitioned index",
    "DROP INDEX app.events_at",
    "CREATE INDEX events_at ON app.events (at)",
    "removed index app.events_at",
  ],
];

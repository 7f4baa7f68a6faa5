import type { Mutation } from "./mutation.ts";

export const since14: readonly Mutation[] = [
  [
    "compression",
    "ALTER TABLE app.orders ALTER note SET COMPRESSION pglz",
    "ALTER TABLE app.orders ALTER note SET COMPRESSION DEFAULT",
    "changed column app.orders.note: physical.compression",
  ],
  [
    "a body of SQL",
    "CREATE FUNCTION app.counted() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM app.orders; END",
    "DROP FUNCTION app.counted()",
    "added function app.counted()",
  ],
];

export const since18: readonly Mutation[] = [
  [
    "a check NOT ENFORCED",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total CHECK (total >= 0) NOT ENFORCED",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total CHECK (total >= 0)",
    "changed constraint orders_total on app.orders: validity.notEnforced",
  ],
  [
    "a foreign key NOT ENFORCED",
    "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer NOT ENFORCED",
    "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer ENFORCED",
    "changed constraint orders_customer on app.orders: validity.notEnforced",
  ],
  [
    "a NOT NULL renamed",
    "ALTER TABLE app.orders RENAME CONSTRAINT orders_total_not_null TO must",
    "ALTER TABLE app.orders RENAME CONSTRAINT must TO orders_total_not_null",
    "changed column app.orders.total: naming.notNull",
  ],
  [
    "a NOT NULL NOT VALID",
    "ALTER TABLE app.customers ADD CONSTRAINT customers_name_not_null NOT NULL name NOT VALID",
    "ALTER TABLE app.customers DROP CONSTRAINT customers_name_not_null",
    "changed column app.customers.name: structure.notNull validity.notNullUnvalidated",
  ],
  [
    "a virtual column",
    "ALTER TABLE app.orders ADD half numeric GENERATED ALWAYS AS (total / 2)",
    "ALTER TABLE app.orders DROP half",
    "added column app.orders.half",
  ],
];

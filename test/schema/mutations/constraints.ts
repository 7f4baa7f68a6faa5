import type { Mutation } from "./mutation.ts";

export const ofConstraints: readonly Mutation[] = [
  [
    "a check gone",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total",
    "ALTER TABLE app.orders ADD CONSTRAINT orders_total CHECK (total >= 0)",
    "removed constraint orders_total on app.orders",
  ],
  [
    "a check that says something else",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total CHECK (total > 0)",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total CHECK (total >= 0)",
    "changed constraint orders_total on app.orders: structure.definition",
  ],
  [
    "a check NOT VALID",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total CHECK (total >= 0) NOT VALID",
    "ALTER TABLE app.orders VALIDATE CONSTRAINT orders_total",
    "changed constraint orders_total on app.orders: validity.notValidated",
  ],
  [
    "a foreign key NOT VALID",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES app.customers NOT VALID",
    "ALTER TABLE app.orders VALIDATE CONSTRAINT orders_customer",
    "changed constraint orders_customer on app.orders: validity.notValidated",
  ],
  [
    "ON DELETE",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES app.customers ON DELETE CASCADE",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES app.customers",
    "changed constraint orders_customer on app.orders: structure.definition",
  ],
  [
    "deferrable",
    "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer DEFERRABLE",
    "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer NOT DEFERRABLE",
    "changed constraint orders_customer on app.orders: structure.definition",
  ],
  [
    "a primary key gone",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_pkey",
    "ALTER TABLE app.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id)",
    "removed constraint orders_pkey on app.orders",
  ],
  [
    "a foreign key's triggers off",
    "ALTER TABLE app.orders DISABLE TRIGGER ALL",
    "ALTER TABLE app.orders ENABLE TRIGGER ALL",
    "changed constraint orders_customer on app.orders: validity.triggers",
    "changed trigger orders_touch on app.orders: validity.fires",
  ],
  [
    "the other side of a foreign key off",
    "ALTER TABLE app.customers DISABLE TRIGGER ALL",
    "ALTER TABLE app.customers ENABLE TRIGGER ALL",
    "changed constraint orders_customer on app.orders: validity.triggers",
  ],
  [
    "a constraint renamed",
    "ALTER TABLE app.orders RENAME CONSTRAINT orders_total TO positive",
    "ALTER TABLE app.orders RENAME CONSTRAINT positive TO orders_total",
    "removed constraint orders_total on app.orders",
    "added constraint positive on app.orders",
  ],
];

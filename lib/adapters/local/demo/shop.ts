/** A small shop, as a team would have built it: one migration after the other. */
export interface Migration {
  readonly version: number;
  readonly title: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    title: "customers and orders",
    sql: `
      CREATE TYPE order_state AS ENUM ('new', 'paid', 'shipped', 'returned');
      CREATE TABLE customers (
        id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email   text NOT NULL UNIQUE,
        name    text NOT NULL,
        born_on date
      );
      CREATE TABLE orders (
        id          serial PRIMARY KEY,
        customer_id int NOT NULL REFERENCES customers,
        number      text NOT NULL,
        state       order_state NOT NULL DEFAULT 'new',
        total       numeric(12, 2) NOT NULL DEFAULT 0 CHECK (total >= 0),
        placed_at   timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX orders_customer_idx ON orders (customer_id);`,
  },
  {
    version: 2,
    title: "products and order lines",
    sql: `
      CREATE TABLE products (
        id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sku   text NOT NULL UNIQUE,
        price numeric(10, 2) NOT NULL
      );
      CREATE TABLE order_lines (
        order_id   int NOT NULL REFERENCES orders ON DELETE CASCADE,
        product_id bigint NOT NULL REFERENCES products,
        quantity   int NOT NULL CHECK (quantity > 0),
        PRIMARY KEY (order_id, product_id)
      );`,
  },
  {
    version: 3,
    title: "payments, one partition a quarter",
    sql: `
      CREATE TABLE payments (
        id       bigint GENERATED ALWAYS AS IDENTITY,
        order_id int NOT NULL REFERENCES orders,
        paid_on  date NOT NULL,
        amount   numeric(12, 2) NOT NULL,
        PRIMARY KEY (id, paid_on)
      ) PARTITION BY RANGE (paid_on);
      CREATE TABLE payments_2026_q3 PARTITION OF payments
        FOR VALUES FROM ('2026-07-01') TO ('2026-10-01');
      CREATE TABLE payments_2026_q4 PARTITION OF payments
        FOR VALUES FROM ('2026-10-01') TO ('2027-01-01');
      CREATE INDEX payments_order_idx ON payments (order_id);`,
  },
  {
    version: 4,
    title: "what an order is worth",
    sql: `
      CREATE VIEW order_totals AS
        SELECT l.order_id, sum(l.quantity * p.price) AS total
          FROM order_lines l JOIN products p ON p.id = l.product_id
         GROUP BY l.order_id;
      CREATE FUNCTION recompute_total() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE orders o SET total = t.total
          FROM order_totals t WHERE t.order_id = o.id AND o.id = NEW.order_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER keep_total AFTER INSERT OR UPDATE ON order_lines
        FOR EACH ROW EXECUTE FUNCTION recompute_total();`,
  },
];

/** A tracker as golang-migrate keeps it: one row, the version and whether it came through. */
export const trackerSql =
  "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)";

export const recordSql = ({ version }: Migration): string =>
  `TRUNCATE schema_migrations; INSERT INTO schema_migrations VALUES (${version}, false)`;

export const stockSql = `
  INSERT INTO customers (email, name)
  SELECT 'customer' || i || '@example.com', 'Customer ' || i FROM generate_series(1, 500) i;
  INSERT INTO products (sku, price)
  SELECT 'SKU-' || i, 1 + i % 90 FROM generate_series(1, 200) i;
  INSERT INTO orders (customer_id, number, placed_at)
  SELECT 1 + i % 500, 'A-' || (i % 1990), now() - i * interval '1 min'
    FROM generate_series(1, 2000) i;
  INSERT INTO order_lines
  SELECT 1 + i % 2000, 1 + i % 200, 1 + i % 4 FROM generate_series(1, 4000) i
      ON CONFLICT DO NOTHING;
  INSERT INTO payments (order_id, paid_on, amount)
  SELECT 1 + i % 2000, date '2026-07-01' + i % 180, 20 FROM generate_series(1, 1500) i;
  ANALYZE;`;

import pg from "pg";

/**
 * A generated schema: about 10 columns, a key, 2 indexes, a foreign key, a check and a default a
 * table; a view, a function and a trigger per 10 tables.
 */
export async function generateTables(url: string, tables: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let first = 0; first < tables; first += 100) {
      const batch = Array.from({ length: Math.min(100, tables - first) }, (_, i) => first + i);
      await client.query(batch.map(tableSql).join("\n"));
    }
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
}

function tableSql(i: number): string {
  const parent = i === 0 ? 0 : i - 1;
  const table = `
    CREATE TABLE t${i} (
      id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      parent_id  bigint REFERENCES t${parent},
      code       text NOT NULL,
      label      varchar(80),
      amount     numeric(12, 2) NOT NULL DEFAULT 0 CHECK (amount >= 0),
      quantity   int,
      is_active  boolean NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz,
      payload    jsonb
    );
    CREATE INDEX t${i}_parent_idx ON t${i} (parent_id);
    CREATE INDEX t${i}_created_idx ON t${i} (created_at) WHERE is_active;`;
  if (i % 10 !== 0) return table;
  return `${table}
    CREATE VIEW v${i} AS SELECT id, code, amount FROM t${i} WHERE is_active;
    CREATE FUNCTION f${i}() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER touch BEFORE UPDATE ON t${i} FOR EACH ROW EXECUTE FUNCTION f${i}();`;
}

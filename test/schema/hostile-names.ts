/** Names that quoting, splitting or a lookup could stumble over; the last are keywords since 16 and 17. */
export const hostile = [
  'quo"te',
  "apostro'phe",
  "new\nline",
  "back\\slash",
  "dot.ted on public.other",
  "😀 emoji",
  "select",
  '"; DROP TABLE x; --',
  "é".repeat(31),
  "$$ || '$x$'",
  "__proto__",
  "a/b,{c}",
  "system_user",
  "json",
] as const;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An object of every kind that a superuser can make by SQL alone, all under that name. */
export function everythingNamed(name: string): string {
  const n = quoted(name);
  const l = `'${name.replaceAll("'", "''")}'`;
  const escaped = `E${l.replaceAll("\\", "\\\\")}`;
  return `
    CREATE SCHEMA ${n};
    CREATE DOMAIN ${n}.${n} AS int CONSTRAINT ${n} CHECK (VALUE > 0);
    CREATE TYPE ${n}.pair AS (${n} int, b text COLLATE "C");
    CREATE TYPE ${n}.mood AS ENUM ('a', ${escaped});
    CREATE TYPE ${n}.span AS RANGE (SUBTYPE = int);
    CREATE COLLATION ${n}.${n} (LOCALE = 'C');
    CREATE TABLE ${n}.t (${n} int PRIMARY KEY, b text COLLATE ${n}.${n} DEFAULT ${escaped}, c ${n}.${n}, m ${n}.mood);
    CREATE VIEW ${n}.v AS SELECT ${n} AS b, m = ${escaped} AS ${n} FROM ${n}.t;
    CREATE MATERIALIZED VIEW ${n}.mv AS SELECT ${n} FROM ${n}.t;
    CREATE SEQUENCE ${n}.s OWNED BY ${n}.t.${n};
    CREATE FUNCTION ${n}.${n}(${n} ${n}.pair, b ${n}.mood DEFAULT ${escaped}) RETURNS SETOF ${n}.t LANGUAGE plpgsql AS 'BEGIN END';
    CREATE PROCEDURE ${n}.p(${n} int) LANGUAGE sql AS '';
    CREATE FUNCTION ${n}.plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE FUNCTION ${n}.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION ${n}.seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE AGGREGATE ${n}.${n}(int) (SFUNC = ${n}.plus, STYPE = int);
    CREATE OPERATOR ${n}.@@@ (FUNCTION = ${n}.plus, LEFTARG = int, RIGHTARG = int);
    CREATE OPERATOR FAMILY ${n}.${n} USING btree;
    CREATE TRIGGER ${n} BEFORE INSERT ON ${n}.t FOR EACH ROW EXECUTE FUNCTION ${n}.touch(${escaped});
    CREATE RULE ${n} AS ON UPDATE TO ${n}.t WHERE old.b = ${escaped} DO ALSO NOTHING;
    CREATE POLICY ${n} ON ${n}.t USING (b <> ${escaped});
    CREATE INDEX "i" ON ${n}.t (lower(b), (${n} + 1)) WHERE b <> ${escaped};
    CREATE STATISTICS ${n}.${n} ON ${n}, b FROM ${n}.t;
    CREATE STATISTICS public.${n} ON b, m FROM ${n}.t;
    CREATE TABLE ${n}.parted (${n} int) PARTITION BY LIST (${n});
    CREATE TABLE ${n}.part PARTITION OF ${n}.parted FOR VALUES IN (1);
    CREATE TEXT SEARCH DICTIONARY ${n}.${n} (TEMPLATE = simple);
    CREATE TEXT SEARCH CONFIGURATION ${n}.${n} (COPY = simple);
    CREATE FOREIGN DATA WRAPPER ${n} OPTIONS (${n} ${escaped});
    CREATE SERVER ${n} FOREIGN DATA WRAPPER ${n} OPTIONS (${n} ${escaped});
    CREATE USER MAPPING FOR CURRENT_USER SERVER ${n} OPTIONS (${n} ${escaped});
    CREATE FOREIGN TABLE ${n}.f (${n} int OPTIONS (${n} ${escaped})) SERVER ${n} OPTIONS (${n} ${escaped});
    CREATE PUBLICATION ${n} FOR TABLE ${n}.t;
    CREATE EVENT TRIGGER ${n} ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION ${n}.seen();
    CREATE CONVERSION ${n}.${n} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    COMMENT ON COLUMN ${n}.t.${n} IS ${escaped};
    COMMENT ON SCHEMA ${n} IS ${escaped};`;
}

/** Something of every kind that a database can hold, some of it ill. As superuser. */
export const everyKind = `
  CREATE SCHEMA shop;
  CREATE TYPE shop.mood AS ENUM ('glad', 'sad');
  CREATE TYPE shop.pair AS (a int, b text);
  CREATE TYPE shop.span AS RANGE (subtype = int4);
  CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
  CREATE COLLATION shop.plain FROM "C";
  CREATE SEQUENCE shop.numbers MAXVALUE 100 CYCLE;
  CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
  CREATE PROCEDURE shop.nothing() LANGUAGE plpgsql AS 'BEGIN END';
  CREATE AGGREGATE shop.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  CREATE TABLE shop.customers (
    id        int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    "Näme"    text COLLATE shop.plain DEFAULT 'x' || 'y',
    mood      shop.mood,
    age       shop.positive,
    twice     int GENERATED ALWAYS AS (shop.twice(1)) STORED,
    CONSTRAINT "named; DROP" CHECK (id > 0));
  CREATE TABLE shop.orders (
    id          bigserial PRIMARY KEY,
    customer_id int REFERENCES shop.customers DEFERRABLE,
    during      shop.span,
    EXCLUDE USING gist (during WITH &&));
  ALTER TABLE shop.orders ADD CONSTRAINT later CHECK (id < 9e9) NOT VALID;
  CREATE TABLE shop.events (id int, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE shop.events_rest PARTITION OF shop.events DEFAULT;
  CREATE INDEX ON ONLY shop.events (id);
  CREATE UNLOGGED TABLE shop.scratch (id int);
  CREATE TABLE shop.special_orders (note text) INHERITS (shop.orders);
  CREATE INDEX ON shop.customers (lower("Näme")) WHERE id > 1;
  CREATE STATISTICS shop.together ON id, age FROM shop.customers;
  CREATE VIEW shop.glad AS SELECT * FROM shop.customers WHERE mood = 'glad';
  CREATE MATERIALIZED VIEW shop.kept AS SELECT count(*) FROM shop.customers;
  CREATE RULE quiet AS ON DELETE TO shop.scratch DO INSTEAD NOTHING;
  CREATE FUNCTION shop.watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER watched BEFORE UPDATE ON shop.orders FOR EACH ROW WHEN (new.id > 0)
    EXECUTE FUNCTION shop.watch();
  ALTER TABLE shop.orders DISABLE TRIGGER watched;
  ALTER TABLE shop.scratch ENABLE ROW LEVEL SECURITY;
  CREATE POLICY few ON shop.scratch USING (id > 0);
  CREATE FOREIGN DATA WRAPPER nowhere;
  CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
  CREATE FOREIGN TABLE shop.abroad (id int) SERVER far;
  CREATE USER MAPPING FOR PUBLIC SERVER far;
  CREATE TEXT SEARCH CONFIGURATION shop.words (COPY = english);
  CREATE OPERATOR shop.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE CAST (shop.pair AS text) WITH INOUT;
  CREATE PUBLICATION everything FOR TABLE shop.orders;
  CREATE FUNCTION shop.ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER noticed ON ddl_command_end EXECUTE FUNCTION shop.ddl();
  CREATE TABLE public.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
  INSERT INTO public.schema_migrations VALUES (7, true);
  CREATE TABLE public.flyway_schema_history (
    installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
    type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int,
    installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(),
    execution_time int NOT NULL, success boolean NOT NULL);
  COMMENT ON TABLE shop.orders IS 'it''s all here';
  ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO PUBLIC;
  GRANT USAGE ON SCHEMA shop TO PUBLIC;
  GRANT SELECT ON ALL TABLES IN SCHEMA shop, public TO PUBLIC;
  INSERT INTO shop.customers (mood, age) VALUES ('glad', 1), ('sad', 2);
  INSERT INTO shop.orders (customer_id, during) VALUES (1, '[1,2)'), (2, '[5,6)');
  SET session_replication_role = replica;
  INSERT INTO shop.orders (customer_id, during) VALUES (99, '[8,9)');
  RESET session_replication_role;
  SELECT pg_catalog.lo_create(0);
`;

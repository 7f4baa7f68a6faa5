import type { Mutation } from "./mutation.ts";

const fire = (where: string, letter: string) =>
  `UPDATE pg_trigger SET tgenabled = '${letter}' WHERE tgname = ${where}`;

export const ofCode: readonly Mutation[] = [
  [
    "a view that says something else",
    "CREATE OR REPLACE VIEW app.big AS SELECT id, total FROM app.orders WHERE total > 999",
    "CREATE OR REPLACE VIEW app.big AS SELECT id, total FROM app.orders WHERE total > 1000",
    "changed view app.big: structure.definition",
  ],
  [
    "a view's column",
    "CREATE OR REPLACE VIEW app.big AS SELECT id, total, note FROM app.orders WHERE total > 1000",
    "DROP VIEW app.big; CREATE VIEW app.big AS SELECT id, total FROM app.orders WHERE total > 1000",
    "changed view app.big: structure.definition",
  ],
  [
    "a view's option",
    "ALTER VIEW app.big SET (security_barrier)",
    "ALTER VIEW app.big RESET (security_barrier)",
    "changed view app.big: structure.options",
  ],
  [
    "a view gone",
    "DROP VIEW app.big",
    "CREATE VIEW app.big AS SELECT id, total FROM app.orders WHERE total > 1000",
    "removed view app.big",
  ],
  [
    "a materialized view emptied",
    "REFRESH MATERIALIZED VIEW app.sums WITH NO DATA",
    "REFRESH MATERIALIZED VIEW app.sums",
    "changed materialized view app.sums: validity.notPopulated",
  ],
  [
    "a function's body",
    "CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 3'",
    "CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "changed function app.twice(integer): structure.body",
  ],
  [
    "volatility",
    "ALTER FUNCTION app.twice IMMUTABLE",
    "ALTER FUNCTION app.twice VOLATILE",
    "changed function app.twice(integer): structure.volatility",
  ],
  [
    "security definer",
    "ALTER FUNCTION app.twice SECURITY DEFINER",
    "ALTER FUNCTION app.twice SECURITY INVOKER",
    "changed function app.twice(integer): structure.securityDefiner",
  ],
  [
    "strict, cost, parallel",
    "ALTER FUNCTION app.twice STRICT COST 7 PARALLEL SAFE",
    "ALTER FUNCTION app.twice CALLED ON NULL INPUT COST 100 PARALLEL UNSAFE",
    "changed function app.twice(integer): structure.cost structure.parallel structure.strict",
  ],
  [
    "a function's setting",
    "ALTER FUNCTION app.twice SET search_path = app",
    "ALTER FUNCTION app.twice RESET search_path",
    "changed function app.twice(integer): structure.settings",
  ],
  [
    "a function's privilege",
    "REVOKE EXECUTE ON FUNCTION app.twice FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION app.twice TO PUBLIC",
    "changed function app.twice(integer): privileges.PUBLIC",
  ],
  [
    "an overload",
    "CREATE FUNCTION app.twice(n text) RETURNS text LANGUAGE sql AS 'SELECT n || n'",
    "DROP FUNCTION app.twice(text)",
    "added function app.twice(pg_catalog.text)",
  ],
  [
    "a procedure gone",
    "DROP PROCEDURE app.tidy",
    "CREATE PROCEDURE app.tidy() LANGUAGE sql AS 'DELETE FROM app.orders WHERE false'",
    "removed procedure app.tidy()",
  ],
  [
    "a trigger gone",
    "DROP TRIGGER orders_touch ON app.orders",
    "CREATE TRIGGER orders_touch BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "removed trigger orders_touch on app.orders",
  ],
  [
    "a trigger's event",
    "DROP TRIGGER orders_touch ON app.orders; CREATE TRIGGER orders_touch BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "DROP TRIGGER orders_touch ON app.orders; CREATE TRIGGER orders_touch BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "changed trigger orders_touch on app.orders: structure.definition",
  ],
  [
    "a trigger disabled",
    "ALTER TABLE app.orders DISABLE TRIGGER orders_touch",
    "ALTER TABLE app.orders ENABLE TRIGGER orders_touch",
    "changed trigger orders_touch on app.orders: validity.fires",
  ],
  [
    "a trigger that fires always",
    "ALTER TABLE app.orders ENABLE ALWAYS TRIGGER orders_touch",
    "ALTER TABLE app.orders ENABLE TRIGGER orders_touch",
    "changed trigger orders_touch on app.orders: validity.fires",
  ],
  [
    "a partition's trigger disabled",
    fire("'events_touch' AND tgrelid = 'app.events_1'::regclass", "D"),
    fire("'events_touch' AND tgrelid = 'app.events_1'::regclass", "O"),
    "changed trigger events_touch on app.events_1: validity.fires",
  ],
];

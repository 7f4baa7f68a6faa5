import type { Mutation } from "./mutation.ts";
import { commented, owned, type Thing, withheld } from "./owned.ts";

const total = (words = "SFUNC = int8pl, STYPE = int8") =>
  `CREATE OR REPLACE AGGREGATE app.total(int8) (${words})`;
const moving = (words = "") =>
  `CREATE OR REPLACE AGGREGATE app.moving(int8) (SFUNC = int8pl, STYPE = int8,
     MSFUNC = int8pl, MINVFUNC = int8mi, MSTYPE = int8${words})`;
const mean = (words = "") =>
  `CREATE OR REPLACE AGGREGATE app.mean(numeric) (SFUNC = numeric_avg_accum, STYPE = internal,
     FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine${words})`;
const ranked = (words = "") =>
  `CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any") (
     SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final,
     FINALFUNC_EXTRA${words})`;
const dropRanked = 'DROP AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any");';
const dropTotal = "DROP AGGREGATE app.total(int8);";

export const routinesBase = `
  CREATE FUNCTION app.last(int8, int8) RETURNS int8 LANGUAGE sql IMMUTABLE AS 'SELECT $1';
  CREATE FUNCTION app.rows_of() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION app.numbered() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
  CREATE FUNCTION app.handled() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
  ${total()}; ${moving()}; ${mean()}; ${ranked()};`;

const aggregate: Thing = { kind: "aggregate", identity: "app.total(bigint)" };
const fn: Thing = { kind: "function", identity: "app.twice(integer)" };
const procedure: Thing = { kind: "procedure", identity: "app.tidy()" };
const window: Thing = { kind: "function", identity: "app.numbered()" };

const ofTotal = (name: string, words: string, told: string): Mutation => [
  `an aggregate's ${name}`,
  total(words),
  total(),
  `changed aggregate app.total(bigint): ${told}`,
];
const ofMoving = (name: string, words: string, told: string): Mutation => [
  `a moving aggregate's ${name}`,
  moving(words),
  moving(),
  `changed aggregate app.moving(bigint): ${told}`,
];
const altered = (thing: Thing, does: string, undoes: string, told: string): Mutation => [
  `${thing.kind} ${thing.identity}: ${does}`,
  `ALTER ${thing.kind} ${thing.identity} ${does}`,
  `ALTER ${thing.kind} ${thing.identity} ${undoes}`,
  `changed ${thing.kind} ${thing.identity}: ${told}`,
];

export const ofRoutines: readonly Mutation[] = [
  ...[aggregate, fn, procedure, window].flatMap((thing) => [
    owned(thing),
    commented(thing),
    withheld(thing, "EXECUTE", `ROUTINE ${thing.identity}`),
  ]),
  ofTotal("transition", "SFUNC = int8mi, STYPE = int8", "structure.transition"),
  ofTotal("initial state", "SFUNC = int8pl, STYPE = int8, INITCOND = '0'", "structure.initial"),
  ofTotal("size of state", "SFUNC = int8pl, STYPE = int8, SSPACE = 64", "structure.stateSize"),
  ofTotal("final function", "SFUNC = int8pl, STYPE = int8, FINALFUNC = int8abs", "structure.final"),
  ofTotal(
    "final function with arguments",
    "SFUNC = int8pl, STYPE = int8, FINALFUNC = app.last, FINALFUNC_EXTRA",
    "structure.final structure.finalExtra",
  ),
  ofTotal(
    "final function that writes",
    "SFUNC = int8pl, STYPE = int8, FINALFUNC_MODIFY = READ_WRITE",
    "structure.finalModifies",
  ),
  ofTotal(
    "final function that shares",
    "SFUNC = int8pl, STYPE = int8, FINALFUNC_MODIFY = SHAREABLE",
    "structure.finalModifies",
  ),
  ofTotal("combination", "SFUNC = int8pl, STYPE = int8, COMBINEFUNC = int8pl", "structure.combine"),
  ofTotal("sort operator", "SFUNC = int8pl, STYPE = int8, SORTOP = >", "structure.sortOperator"),
  ofTotal("parallelism", "SFUNC = int8pl, STYPE = int8, PARALLEL = SAFE", "structure.parallel"),
  ofTotal(
    "restricted parallelism",
    "SFUNC = int8pl, STYPE = int8, PARALLEL = RESTRICTED",
    "structure.parallel",
  ),
  ofTotal(
    "moving part",
    "SFUNC = int8pl, STYPE = int8, MSFUNC = int8pl, MINVFUNC = int8mi, MSTYPE = int8",
    "structure.movingInverse structure.movingState structure.movingTransition",
  ),
  [
    "an aggregate's state",
    `${dropTotal} ${total("SFUNC = array_append, STYPE = int8[]")}`,
    `${dropTotal} ${total()}`,
    "changed aggregate app.total(bigint): structure.result structure.state structure.transition",
  ],
  ["an aggregate gone", dropTotal, total(), "removed aggregate app.total(bigint)"],
  ofMoving("initial state", ", MINITCOND = '0'", "structure.movingInitial"),
  ofMoving("size of state", ", MSSPACE = 64", "structure.movingStateSize"),
  ofMoving("final function", ", MFINALFUNC = int8abs", "structure.movingFinal"),
  ofMoving(
    "final function with arguments",
    ", MFINALFUNC = app.last, MFINALFUNC_EXTRA",
    "structure.movingFinal structure.movingFinalExtra",
  ),
  ofMoving(
    "final function that writes",
    ", MFINALFUNC_MODIFY = READ_WRITE",
    "structure.movingFinalModifies",
  ),
  [
    "an aggregate's serialization",
    mean(", SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize"),
    mean(),
    "changed aggregate app.mean(numeric): structure.deserialize structure.serialize",
  ],
  [
    "a hypothetical set",
    `${dropRanked} ${ranked(", HYPOTHETICAL")}`,
    `${dropRanked} ${ranked()}`,
    'changed aggregate app.ranked(pg_catalog."any"): structure.aggregates',
  ],
  [
    "an ordered set that only reads",
    `${dropRanked} ${ranked(", FINALFUNC_MODIFY = READ_ONLY")}`,
    `${dropRanked} ${ranked()}`,
    'changed aggregate app.ranked(pg_catalog."any"): structure.finalModifies',
  ],
  [
    "an ordered set's direct arguments",
    `CREATE AGGREGATE app.picked(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final)`,
    "DROP AGGREGATE app.picked(float8 ORDER BY float8)",
    "added aggregate app.picked(double precision,double precision)",
  ],
  altered(fn, "STABLE", "VOLATILE", "structure.volatility"),
  altered(fn, "LEAKPROOF", "NOT LEAKPROOF", "structure.leakproof"),
  altered(fn, "PARALLEL RESTRICTED", "PARALLEL UNSAFE", "structure.parallel"),
  altered(fn, "COST 7", "COST 100", "structure.cost"),
  altered(fn, "STRICT", "CALLED ON NULL INPUT", "structure.strict"),
  [
    "a function's support",
    "ALTER FUNCTION app.twice SUPPORT generate_series_int4_support",
    "CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "changed function app.twice(integer): structure.support",
  ],
  altered({ kind: "function", identity: "app.rows_of()" }, "ROWS 7", "ROWS 1000", "structure.rows"),
  altered(procedure, "SECURITY DEFINER", "SECURITY INVOKER", "structure.securityDefiner"),
  altered(procedure, "SET work_mem = '8MB'", "RESET work_mem", "structure.settings"),
  altered(window, "COST 7", "COST 1", "structure.cost"),
  [
    "a function's default argument",
    "CREATE OR REPLACE FUNCTION app.twice(n int DEFAULT 3) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "DROP FUNCTION app.twice(int); CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "changed function app.twice(integer): structure.arguments",
  ],
  [
    "a function's result",
    "DROP FUNCTION app.twice(int); CREATE FUNCTION app.twice(n int) RETURNS bigint LANGUAGE sql AS 'SELECT n * 2'",
    "DROP FUNCTION app.twice(int); CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "changed function app.twice(integer): structure.result",
  ],
  [
    "a function's language",
    "CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n * 2; END'",
    "CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    "changed function app.twice(integer): structure.body structure.language",
  ],
  [
    "a function's library",
    "CREATE OR REPLACE FUNCTION app.handled() RETURNS language_handler LANGUAGE c AS 'plpgsql', 'plpgsql_call_handler'",
    "CREATE OR REPLACE FUNCTION app.handled() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'",
    "changed function app.handled(): structure.library",
  ],
  [
    "a window function no more",
    "DROP FUNCTION app.numbered(); CREATE FUNCTION app.numbered() RETURNS bigint LANGUAGE internal AS 'window_row_number'",
    "DROP FUNCTION app.numbered(); CREATE FUNCTION app.numbered() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
    "changed function app.numbered(): structure.window",
  ],
  [
    "a function of a transform",
    "CREATE FUNCTION app.turned(m app.mood) RETURNS int LANGUAGE app_lang TRANSFORM FOR TYPE app.mood AS 'BEGIN RETURN 1; END'",
    "DROP FUNCTION app.turned(app.mood)",
    "added function app.turned(app.mood)",
  ],
];

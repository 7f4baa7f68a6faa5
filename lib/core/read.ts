import type * as z from "zod";
import type { Session, Store } from "./ports.ts";
import type { ProfileName } from "./profile.ts";
import type { Server } from "./server.ts";
import type { Target, Typed } from "./target.ts";

/** A typed, read-only question: one SQL statement, each row held against a zod schema. */
export interface SqlRead<Row> {
  readonly kind: "sql";
  readonly id: string;
  /** One SELECT without parameters; a function where versions differ. */
  readonly sql: string | ((server: Server) => string);
  readonly row: z.ZodType<Row>;
  /**
   * Seconds the statement may take. At most 0.25 where it locks user relations (pg_get_indexdef,
   * pg_get_expr, pg_relation_size … do): an ALTER that arrives meanwhile waits for us, and the
   * application behind it.
   */
  readonly timeout?: number;
}

/** A question that takes more than one statement: the snapshot, the orphan count, a tracker. */
export interface Procedure<Result> {
  readonly kind: "procedure";
  readonly id: string;
  readonly result: z.ZodType<Result>;
  run(context: ReadContext): Promise<Result>;
}

// A closed pair of shapes; T only travels through it.
export type AnyRead = SqlRead<unknown> | Procedure<unknown>;

export type ResultOf<R> =
  R extends SqlRead<infer Row> ? readonly Row[] : R extends Procedure<infer T> ? T : never;

/** What a procedure has in its hands. */
export interface ReadContext {
  readonly session: Session;
  readonly server: Server;
  readonly target: Target;
  /** How its user reached it. */
  readonly typed?: Typed | undefined;
  readonly profile: ProfileName;
  /** Absent where neither a configuration nor `--store` names one. */
  readonly store: Store | undefined;
  /** What a check remembered of its last look at this target. */
  readonly past: (check: string) => { readonly at: string; readonly memory?: unknown } | undefined;
  /** The options of the check that asks, validated by its own schema. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Milliseconds left of this target's time. */
  remaining(): number;
  /** The result of another read; asked once a run, however many checks want it. */
  read<R extends AnyRead>(read: R): Promise<ResultOf<R>>;
  /** The same, where some check asked for it already and was answered. */
  answered<R extends AnyRead>(read: R): Promise<ResultOf<R> | undefined>;
  /** What this target is held against; absent on the reference itself, and where none is named. */
  readonly reference?: Reference | undefined;
}

/** The target of the same name in the reference environment. */
export interface Reference {
  readonly target: Target;
  /** What checks remembered of their last look at it. */
  recall(): Promise<ReadContext["past"]>;
}

export const sqlRead = <Row>(read: Omit<SqlRead<Row>, "kind">): SqlRead<Row> => ({
  kind: "sql",
  ...read,
});

export const procedure = <Result>(read: Omit<Procedure<Result>, "kind">): Procedure<Result> => ({
  kind: "procedure",
  ...read,
});

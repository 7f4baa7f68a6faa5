/**
 * Why a database could not be asked, as a person would sort it. Each has its cure:
 * see `lib/adapters/postgres/classify.ts` for which SQLSTATE or socket error means which.
 */
export const errorClasses = [
  "unreachable",
  "tls",
  "authentication",
  "privilege",
  "lock",
  "timeout",
  "conflict",
  "too-many-connections",
  "changed-underneath",
  "going-away",
  "unexpected-answer",
  "other",
] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** A question that a server did not answer. `hint` says what to do. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly errorClass: ErrorClass;
  readonly hint: string;
  readonly sqlstate: string | undefined;

  constructor(
    errorClass: ErrorClass,
    message: string,
    { hint, sqlstate, cause }: { hint: string; sqlstate?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause });
    this.errorClass = errorClass;
    this.hint = hint;
    this.sqlstate = sqlstate;
  }
}

/** What the user asked for cannot be done as asked: exit code 5. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** What stands beside the databases and did not answer, or not as it should: exit code 6. */
export class NoAnswer extends Error {
  override readonly name: string = "NoAnswer";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The run was told to stop (Ctrl-C): exit code 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

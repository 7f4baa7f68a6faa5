import { DatabaseError, type ErrorClass, messageOf } from "../../core/errors.ts";
export function classify(
  error: unknown,
  _c: { doing: string; config: { host?: string | undefined } },
): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = Object(error).code;
  const cls: ErrorClass =
    code === "55P03"
      ? "lock"
      : code === "57014"
        ? "timeout"
        : code === "42501"
          ? "privilege"
          : "other";
  return new DatabaseError(cls, messageOf(error), { hint: "", sqlstate: code, cause: error });
}

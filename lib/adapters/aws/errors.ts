/** The name that AWS gives an error: `NoSuchKey`, `ThrottlingException`. */
export const nameOf = (error: unknown): string => String(Object(error).name ?? "");

/** The HTTP status of AWS's answer; nothing where there was none. */
export const statusOf = (error: unknown): number | undefined => {
  const status: unknown = Object(Object(error).$metadata).httpStatusCode;
  return typeof status === "number" ? status : undefined;
};

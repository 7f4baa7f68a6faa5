/**
 * A text as an SQL literal, safe under either setting of standard_conforming_strings: a message
 * of several statements is scanned before its first one runs.
 */
export function quoteLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/** A name as a quoted identifier. Catalog reads use quote_ident() in the server instead. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

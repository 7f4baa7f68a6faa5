import { printable } from "../core/printable.ts";
import { printableSql } from "../core/printable-sql.ts";

/** A cure is a sentence, or a line to paste: SQL, or a command of ours. */
export const isCommand = (cure: string): boolean =>
  /^(?:(?:GRANT|ALTER|CREATE|DROP|SELECT|SET|REINDEX|VACUUM|ANALYZE|DO)\b|--).*;\s*$/s.test(cure) ||
  /^(npx )?pgvigil /.test(cure);

/** Lines to paste, escaped as their language has it. */
export const commandLines = (command: string): readonly string[] =>
  (/^(npx )?pgvigil /.test(command) ? printable(command) : printableSql(command))
    .trim()
    .split("\n");

import * as z from "zod";
import type { ForeignKey } from "./foreign-key.ts";

/** How many rows break one constraint; `partlyNull` is MATCH FULL's own way to be broken. */
export const tallySchema = z.object({
  oid: z.int(),
  orphans: z.number(),
  partlyNull: z.number(),
});
export type Tally = z.infer<typeof tallySchema>;

/** One statement that counts the orphans of several constraints, exactly. */
export const countOf = (keys: readonly ForeignKey[]): string =>
  `${keys.map(tally).join("\n UNION ALL\n")}\n ORDER BY 1`;

const tally = (key: ForeignKey): string => `
  SELECT ${key.oid} AS "oid",
         (${rows(key, "pg_catalog.count(*)", orphaned(key))}) AS "orphans",
         ${canBePartlyNull(key) ? `(${rows(key, "pg_catalog.count(*)", partlyNull(key))})` : "0"}
                    AS "partlyNull"`;

const rows = ({ child }: ForeignKey, what: string, where: string): string =>
  `SELECT ${what}\n  FROM ${only(child)} AS fk\n WHERE ${where}`;

/** Inheritance children have no part in a foreign key; partitions are the table itself. */
const only = ({ isPartitioned, sqlTable }: ForeignKey["child"]): string =>
  isPartitioned ? sqlTable : `ONLY ${sqlTable}`;

/** A null column makes MATCH SIMPLE content, and MATCH FULL if all of them are null. */
const orphaned = ({ columns, parent }: ForeignKey): string =>
  [
    ...columns.map(({ sql }) => `fk.${sql} IS NOT NULL`),
    `NOT EXISTS (SELECT FROM ${only(parent)} AS pk
                    WHERE ${columns.map(({ equals }) => equals).join("\n                      AND ")})`,
  ].join("\n   AND ");

const canBePartlyNull = ({ isMatchFull, columns }: ForeignKey): boolean =>
  isMatchFull && columns.length > 1;

const partlyNull = ({ columns }: ForeignKey): string =>
  `(${columns.map(({ sql }) => `fk.${sql} IS NULL`).join(" OR ")})
   AND (${columns.map(({ sql }) => `fk.${sql} IS NOT NULL`).join(" OR ")})`;

/** What a person runs: to see the rows, then to take one of two ways out of it. */
interface Mending {
  readonly list: string;
  readonly remove: string;
  /** Absent where a column may not be null. */
  readonly detach?: string;
}

export function mendingOf(key: ForeignKey, { orphans, partlyNull: half }: Omit<Tally, "oid">) {
  const conditions = [
    ...(orphans > 0 ? [orphaned(key)] : []),
    ...(half > 0 ? [partlyNull(key)] : []),
  ];
  const where = conditions.map((each) => `(${each})`).join("\n    OR ");
  const table = `${only(key.child)} AS fk`;
  const nulls = key.columns.map(({ sql }) => `${sql} = NULL`).join(", ");
  return {
    list: `${rows(key, "fk.*", where)}\n LIMIT 100;`,
    remove: `DELETE FROM ${table}\n WHERE ${where};`,
    ...(key.columns.some(({ isNotNull }) => isNotNull)
      ? {}
      : { detach: `UPDATE ${table}\n   SET ${nulls}\n WHERE ${where};` }),
  } satisfies Mending;
}

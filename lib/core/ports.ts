import type { RawRow } from "./raw-row.ts";
import type { Server } from "./server.ts";

/** One short, read-only transaction that asks one question. */
export interface Statement {
  /** Names the read, in errors and in application_name's stead. */
  readonly id: string;
  readonly sql: string;
  /** Seconds; never more than the session's own limit, which holds where this is absent. */
  readonly timeout?: number | undefined;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * One connection to one database. Values arrive as: int2, int4, oid, float as numbers; int8 as a
 * number (a string beyond 2^53); numeric as a string; timestamptz as PostgreSQL prints it in UTC;
 * json parsed; arrays of text as arrays.
 */
export interface Session extends AsyncDisposable {
  readonly server: Server;
  readonly cost: { readonly statements: number; readonly roundTrips: number };
  /** @throws DatabaseError */
  rows(statement: Statement): Promise<readonly Row[]>;
  /**
   * For answers too large to keep: each row as it comes, and until the next one comes.
   *
   * @param begin gives who takes the rows; called anew where the question has to be put again
   * @throws DatabaseError, and whatever the taker threw
   */
  each(statement: Statement, begin: () => (row: RawRow) => void): Promise<void>;
}

/** Objects under keys: an S3 bucket or a folder, with the same keys in both. */
export interface Store {
  get(key: string): Promise<StoredObject | undefined>;
  /**
   * `absent` writes only where nothing is; a tag only over what carries that tag.
   * Answers false where the condition did not hold.
   */
  put(
    key: string,
    body: Uint8Array,
    condition?: "absent" | { readonly tag: string },
  ): Promise<boolean>;
  /** Keys with that prefix, in code unit order. */
  list(prefix: string): Promise<readonly string[]>;
  /** The same with their tags, where a listing has them. */
  readonly tags?: (prefix: string) => Promise<ReadonlyMap<string, string>>;
  /** For people: a path or an s3:// address. */
  readonly place: string;
  /** Who writes, as the place itself knows them: an ARN. Absent where it knows nobody. */
  readonly caller?: () => Promise<string | undefined>;
}

interface StoredObject {
  readonly body: Uint8Array;
  readonly tag: string;
}

export type Clock = () => Date;

import type { Io } from "./io.ts";

export interface Flag {
  readonly type: "text" | "switch";
  /** What stands for the value in the help: `URL`. */
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly summary: string;
  /** All the values there are, for errors and completion. */
  readonly choices?: readonly string[];
  /** What completes it: `file`, `folder`, `check`, `target`. */
  readonly completes?: "file" | "folder" | "check";
}

export interface Positional {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  readonly completes?: Flag["completes"];
  readonly choices?: readonly string[];
}

/** The words behind a command, parsed and checked against its flags. */
export interface Words {
  readonly positionals: readonly string[];
  text(flag: string): string | undefined;
  list(flag: string): readonly string[];
  has(flag: string): boolean;
}

/** A command returns its exit code; only `main` exits. Help and completion come from this. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly positionals?: readonly Positional[];
  readonly flags: Readonly<Record<string, Flag>>;
  readonly examples?: readonly string[];
  /** @throws UsageError, DatabaseError */
  run(words: Words, io: Io): Promise<number>;
}

import type { Words } from "./command.ts";
import type { Fleet } from "./fleet.ts";
import type { Io } from "./io.ts";

export async function configured(_words: Words, _io: Io): Promise<Fleet | undefined> {
  return undefined;
}

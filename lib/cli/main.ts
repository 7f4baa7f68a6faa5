import { DatabaseError, Interrupted, messageOf, NoAnswer, UsageError } from "../core/errors.ts";
import { exitCodes } from "../core/exit-code.ts";
import { nearest } from "../core/near.ts";
import { printable } from "../core/printable.ts";
import type { Command } from "./command.ts";
import { allCommands, commandNamed, commandNames } from "./commands/index.ts";
import { commandHelp, overview } from "./help.ts";
import { type Io, print, say } from "./io.ts";
import { version } from "./version.ts";
import { parseWords } from "./words.ts";

/** The program. Commands return or throw; this alone turns either into an exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    return explain(error, io);
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    print(io, overview(await allCommands(), version));
    return name === undefined ? exitCodes.usage : exitCodes.healthy;
  }
  if (name === "--version" || name === "-V") {
    print(io, version);
    return exitCodes.healthy;
  }
  if (name === "help") {
    const [about] = rest;
    print(
      io,
      about === undefined
        ? overview(await allCommands(), version)
        : commandHelp(await commandOf(about)),
    );
    return exitCodes.healthy;
  }
  const command = await commandOf(name);
  if (rest.includes("--help") || rest.includes("-h")) {
    print(io, commandHelp(command));
    return exitCodes.healthy;
  }
  return command.run(parseWords(command, rest), io);
}

async function commandOf(name: string): Promise<Command> {
  const command = await commandNamed(name);
  if (command !== undefined) return command;
  const near = nearest(name, commandNames);
  throw new UsageError(
    `there is no command ${name}`,
    near === undefined ? "All commands: pgvigil help" : `Did you mean pgvigil ${near}?`,
  );
}

/** What happened and what to do, in two lines; a stack only where the fault is ours. */
function explain(error: unknown, io: Io): number {
  if (error instanceof Interrupted || io.signal.aborted) return exitCodes.interrupted;
  if (error instanceof UsageError || error instanceof DatabaseError || error instanceof NoAnswer) {
    const [first = "", ...more] = error.message.split("\n");
    say(io, `pgvigil: ${printable(first)}`);
    for (const line of more) say(io, `         ${printable(line)}`);
    if (error.hint !== "") say(io, `  ${printable(error.hint)}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.unknown;
  }
  say(io, `pgvigil: ${printable(messageOf(error))}`);
  say(io, "  This is a fault of pgvigil: please report it, with what PGVIGIL_DEBUG=1 adds here.");
  if (io.env.PGVIGIL_DEBUG && error instanceof Error) say(io, error.stack);
  return exitCodes.unknown;
}

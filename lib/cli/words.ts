import { parseArgs } from "node:util";
import { UsageError } from "../core/errors.ts";
import { nearest } from "../core/near.ts";
import type { Command, Flag, Words } from "./command.ts";

/**
 * The words behind a command, held against its flags.
 *
 * @throws UsageError naming the word that does not fit
 */
export function parseWords(command: Command, args: readonly string[]): Words {
  const help = `pgvigil help ${command.name}`;
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(command.flags).map(([name, { type }]) => [
        name,
        { type: type === "switch" ? ("boolean" as const) : ("string" as const), multiple: true },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(command, token.rawName, help);
    const value = valueFor(flag, token.rawName, token.value, help);
    const before = values.get(token.name) ?? [];
    if (before.length > 0 && !flag.repeatable && flag.type === "text") {
      throw new UsageError(`${token.rawName} is given twice`, `Give it once: ${help}`);
    }
    values.set(token.name, [...before, value]);
  }
  checkPositionals(command, positionals, help);
  return {
    positionals,
    text: (flag) => values.get(flag)?.[0],
    list: (flag) => values.get(flag) ?? [],
    has: (flag) => values.has(flag),
  };
}

function unknownFlag(command: Command, rawName: string, help: string): UsageError {
  const known = Object.keys(command.flags).map((name) => `--${name}`);
  const near = nearest(rawName, known);
  return new UsageError(
    `${command.name} has no option ${rawName}`,
    near === undefined ? `Its options: ${help}` : `Did you mean ${near}?`,
  );
}

function valueFor(flag: Flag, rawName: string, value: string | undefined, help: string): string {
  if (flag.type === "switch") {
    if (value === undefined) return "";
    throw new UsageError(`${rawName} takes no value`, help);
  }
  if (value === undefined || value === "") {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value ?? "VALUE"}`, help);
  }
  if (flag.choices === undefined) return value;
  // `format:file` names a choice and where its output goes.
  const word = value.split(":")[0] ?? value;
  if (flag.choices.includes(value) || flag.choices.includes(word)) return value;
  const near = nearest(word, flag.choices);
  throw new UsageError(
    `${rawName} ${value}: not one of ${flag.choices.join(", ")}`,
    near === undefined ? help : `Did you mean ${near}?`,
  );
}

function checkPositionals(command: Command, given: readonly string[], help: string): void {
  const wanted = command.positionals ?? [];
  const missing = wanted.find(({ optional }, index) => !optional && given[index] === undefined);
  if (missing !== undefined) {
    throw new UsageError(`${command.name} needs ${missing.name}: ${missing.summary}`, help);
  }
  for (const [index, { name, choices }] of wanted.entries()) {
    const word = given[index];
    if (word === undefined || choices === undefined || choices.includes(word)) continue;
    throw new UsageError(`${name} ${word}: not one of ${choices.join(", ")}`, help);
  }
  const extra = given[wanted.length];
  if (extra !== undefined) {
    throw new UsageError(`${command.name}: what is "${extra}"?`, help);
  }
}

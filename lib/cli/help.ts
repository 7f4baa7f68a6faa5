import type { Command, Flag } from "./command.ts";

const usageOf = ({ name, positionals = [] }: Command): string =>
  [
    `pgvigil ${name}`,
    ...positionals.map((p) => (p.optional ? `[${p.name}]` : p.name)),
    "[options]",
  ].join(" ");

const flagLine = ([name, { type, value, repeatable, summary, choices }]: [string, Flag]) => {
  const shape = type === "switch" ? `--${name}` : `--${name} ${value ?? "VALUE"}`;
  const more = [choices === undefined ? "" : choices.join("|"), repeatable ? "repeatable" : ""];
  const tail = more.filter(Boolean).join("; ");
  return [shape, tail === "" ? summary : `${summary} (${tail})`] as const;
};

export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** The page of one command. */
export function commandHelp(command: Command): string {
  const { summary, description, positionals = [], flags, examples = [] } = command;
  const parts = [`${usageOf(command)}\n\n${summary}`];
  if (description !== undefined) parts.push(description);
  if (positionals.length > 0) {
    parts.push(`Arguments\n${columns(positionals.map((p) => [p.name, p.summary]))}`);
  }
  if (Object.keys(flags).length > 0) {
    parts.push(`Options\n${columns(Object.entries(flags).map(flagLine))}`);
  }
  if (examples.length > 0) parts.push(`Examples\n${examples.map((e) => `  ${e}`).join("\n")}`);
  return `${parts.join("\n\n")}\n`;
}

/** The page of them all. */
export const overview = (commands: readonly Command[], version: string): string =>
  `pgvigil ${version}: keeps watch over PostgreSQL after every migration

Usage: pgvigil COMMAND [options]

Commands
${columns([
  ...commands.map(({ name, summary }) => [name, summary] as const),
  ["help COMMAND", "What a command takes"],
])}

Without --url: the configuration (pgvigil.config.yaml, here or above), else DATABASE_URL, else PG*.
Exit codes: 0 healthy, 1 findings, 5 configuration or usage, 6 could not find out, 130 interrupted.
`;

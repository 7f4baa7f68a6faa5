/** The words of a command line as a POSIX shell would split them: quotes, `\` at a line's end, $NAME. */
export function shellWords(
  command: string,
  env: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  const joined = command.replaceAll(/ ?\\\n\s*/g, " ");
  const words = joined.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) =>
      single === undefined
        ? (double ?? "").replaceAll(/\$(\w+)/g, (_, name: string) => env[name] ?? "")
        : single,
    ),
  );
}

/** Every `npx pgvigil …` of a text, lines that go on put together. */
export const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/npx pgvigil (?:.*\\\n)*.*/g)].map(([command]) => command);

const firstWords =
  "SELECT|ALTER|REINDEX|DROP|CREATE|VACUUM|ROLLBACK|COMMIT|UPDATE|DELETE|GRANT|BEGIN|DO|SET|--";

/** What is to be pasted into psql: the SQL under each step of a mail. */
export const sqlIn = (mail: string): readonly string[] =>
  [...mail.matchAll(new RegExp(`^ {5}(?:${firstWords})[\\s\\S]*?;$`, "gm"))].map(([block]) =>
    block.replaceAll(/^ {5}/gm, ""),
  );

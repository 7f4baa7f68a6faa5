/** Names of options and settings whose values nobody should read in a report. */
const secret =
  /pass|pwd|secret|token|credential|private|jwt|api_?key|access_?key|encryption_?key|conninfo|(^|[._])(key|uri|url|dsn)$/i;

/** What stands in a secret's place. A definition that holds it makes no object. */
export const hidden = "(hidden)";

/**
 * `name=value` texts, sorted: a catalog keeps them in the order in which they were set. A value
 * that may be a secret is left out and its name kept, for whoever reads.
 */
export const withoutSecrets = (options: readonly string[] | null): string[] | null =>
  options === null ? null : options.map(hideSecret).sort();

export function hideSecret(option: string): string {
  const end = option.indexOf("=");
  return end > 0 && secret.test(option.slice(0, end))
    ? `${option.slice(0, end)}=${hidden}`
    : withoutPasswords(option, "'");
}

/** `postgres://anna:secret@host`: the words between the second colon and the at. */
const inUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@'"]*):[^\s/?#'"]+@/gi;

/**
 * `host=h password=secret`: two or more pairs with nothing but white space between them are a
 * connection string, and never code of SQL.
 *
 * @param quote as a quoted value has it: `''` within a literal
 */
const connectionsWith = (quote: string): RegExp => {
  const pair = `\\b\\w+\\s*=\\s*(?:${quote}[^']*${quote}|[^\\s'"]*[^\\s'",;(])`;
  return new RegExp(`${pair}(?:\\s+${pair})+`, "g");
};
const connections = { "'": connectionsWith("'"), "''": connectionsWith("''") } as const;

const password = /\b((?:ssl)?passw(?:or)?d\s*=\s*)(?:'{1,2}[^']*'{1,2}|[^\s'"]+)/gi;

/**
 * A text that users wrote, as a function's body, without the passwords of the connections that it
 * names, in URLs and in connection strings. What is code stays.
 */
export function withoutPasswords(text: string, quote: keyof typeof connections = "''"): string {
  const plain = text.includes("://") ? text.replace(inUrl, `$1:${hidden}@`) : text;
  return /passw/i.test(plain)
    ? plain.replace(connections[quote], (pairs) => pairs.replace(password, `$1${hidden}`))
    : plain;
}

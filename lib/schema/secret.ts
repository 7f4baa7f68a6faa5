/** Names of options and settings whose values nobody should read in a report. */
const secret =
  /pass|pwd|secret|token|credential|private|jwt|api_?key|access_?key|encryption_?key|conninfo|(^|[._])(key|uri|url|dsn)$/i;

/**
 * `name=value` texts, sorted: a catalog keeps them in the order in which they were set. A value
 * that may be a secret is left out and its name kept, for whoever reads.
 */
export const withoutSecrets = (options: readonly string[] | null): string[] | null =>
  options === null ? null : options.map(hideSecret).sort();

export function hideSecret(option: string): string {
  const end = option.indexOf("=");
  return end > 0 && secret.test(option.slice(0, end)) ? `${option.slice(0, end)}=(hidden)` : option;
}

/** A text as YAML takes it, whatever is in it. */
export const scalar = (text: string): string => JSON.stringify(text);

/** Plain where YAML reads a plain text, quoted where it would read something else (`no`, `1e3`). */
export const key = (text: string): string =>
  /^(?!(true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*$/.test(text) ? text : scalar(text);

/** Any name as a target or an environment may be called. */
export const slug = (name: string, otherwise = "main"): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 63) || otherwise;

/** The name, or the first of name-2, name-3 … that is not taken; then it is. */
export function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) {
    const end = `-${n}`;
    free = `${name.slice(0, 63 - end.length)}${end}`;
  }
  taken.add(free);
  return free;
}

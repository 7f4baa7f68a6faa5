/** The name that was probably meant, or nothing: at most a third of it may differ. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const away = distanceBetween(word, name);
    if (away < least) [best, least] = [name, away];
  }
  return best;
}

function distanceBetween(word: string, name: string): number {
  const [a, b] = [word.toLowerCase(), name.toLowerCase()];
  const away = distance(a, b);
  if (away <= Math.max(1, Math.floor(Math.min(a.length, b.length) / 3))) return away;
  // Half a name is no slip of the finger, but it is clear what it wants: `password`, `orphans`.
  const part = a.length >= 4 && (b.includes(a) || a.includes(b));
  return part ? b.length + away : Number.POSITIVE_INFINITY;
}

/** Damerau-Levenshtein, of adjacent transpositions: insert, delete, replace and swap cost one. */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        at(last, column) + 1,
        at(line, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, line];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number =>
  row[column] ?? Number.POSITIVE_INFINITY;

/** `: did you mean "x"?` to hang behind a message, or nothing. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === undefined ? "" : `: did you mean ${JSON.stringify(name)}?`;
}

/** Lines of at most `width`; a word that is longer than a line is cut, for it is no command. */
export function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text).flatMap((each) => cut(each, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A number stays with its unit. */
const words = (text: string): readonly string[] =>
  text
    .replace(/(\d) (?=(?:s|min|h|d|%|[kMGT]?B)(?![\w])|\d)/g, "$1\u0001")
    .split(" ")
    .map((word) => word.replaceAll("\u0001", " "));

const cut = (word: string, width: number): readonly string[] =>
  word.length <= width ? [word] : (word.match(new RegExp(`.{1,${width}}`, "gs")) ?? [word]);

/** Folded behind a first line's head, the rest under its end. */
export function hung(head: string, text: string, width: number): readonly string[] {
  const indent = " ".repeat(head.length);
  return fold(text, width - head.length).map((line, i) => `${i === 0 ? head : indent}${line}`);
}

/** The first `room` entries, and how many are left out: "and 412 more, see the report". */
export function atMost<T>(
  entries: readonly T[],
  room: number,
): { readonly shown: readonly T[]; readonly more: readonly string[] } {
  // One more takes no more room than to say that there is one.
  if (room > 0 && entries.length <= room + 1) return { shown: entries, more: [] };
  const left = entries.length - room;
  const more = `and ${left.toLocaleString("en-US")} more, see the report`;
  return { shown: entries.slice(0, room), more: left > 0 ? [more] : [] };
}

/** Prose in at most so many lines of its own: whole sentences, else to the end of a clause. */
export function concise(text: string, width: number, room: number): string {
  if (room < 1) return "";
  const lines = fold(text, width);
  if (lines.length <= room) return text;
  const fits = lines.slice(0, room).join(" ").length;
  const sentences = text.split(/(?<=[.!?]) (?=[A-Z])/);
  while (sentences.length > 1) {
    sentences.pop();
    const said = sentences.join(" ");
    if (said.length <= fits) return said;
  }
  const [first = ""] = sentences;
  for (let length = fits; length > 8; length -= 8) {
    const clause = brief(first, length);
    const said = clause.endsWith("...") ? clause : `${clause.replace(/[\s,;:.]+$/, "")}.`;
    if (fold(said, width).length <= room) return said;
  }
  return brief(first, width);
}

/** A text of at most so many lines; what is cut off ends in dots. */
export function few(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  const last = lines[room - 1] ?? "";
  const kept = last.slice(0, Math.max(0, last.length - 3));
  return [...lines.slice(0, room - 1), `${kept.replace(/(?<=\S )\S*$/, "")}...`].slice(0, room);
}

/** Whole entries as far as there is room; of the first at least its beginning. */
export function packed(entries: readonly (readonly string[])[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    if (lines.length > 0 && lines.length + entry.length > room) break;
    lines.push(...few(entry, room));
  }
  return lines;
}

/**
 * A sentence in at most `room` characters: cut where a clause ends, if that leaves half of it, else
 * at a word. Sentences of checks begin with what matters.
 */
export function brief(text: string, room: number): string {
  if (text.length <= room) return text;
  const head = text.slice(0, room + 1);
  const clause = Math.max(
    ...[", ", "; ", ": ", " (", ". "].map((sign) => head.lastIndexOf(sign, room)),
  );
  if (clause >= room / 2) return head.slice(0, clause);
  const space = head.lastIndexOf(" ", room - 3);
  return `${text.slice(0, space >= room / 2 ? space : room - 3)}...`;
}

/** Of a name that is too long, both ends: they tell it from its neighbours. */
export function ends(name: string, room: number): string {
  if (name.length <= room) return name;
  const half = Math.floor((room - 2) / 2);
  return `${name.slice(0, room - 2 - half)}..${name.slice(name.length - half)}`;
}

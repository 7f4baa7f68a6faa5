/** Columns that a terminal gives a text: East Asian and emoji characters take two. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
}

const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}]/u;

/** Lines of at most `width` columns, broken at spaces alone: a name is never torn. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Wrapped behind a first line's head, the other lines under its end; where the head leaves hardly
 * any room, under its beginning.
 */
export function hang(head: string, text: string, width: number): readonly string[] {
  const room = width - columns(head);
  if (room < 24 && columns(text) > room) {
    const indent = " ".repeat(head.search(/\S|$/) + 2);
    const lines = wrap(text, width - indent.length).map((line) => indent + line);
    return head.trim() === "" ? lines : [head.trimEnd(), ...lines];
  }
  const indent = " ".repeat(columns(head));
  return wrap(text, room).map((line, index) => `${index === 0 ? head : indent}${line}`);
}

export const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - columns(text)));

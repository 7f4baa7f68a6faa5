import { diffWordsWithSpace, structuredPatch } from "diff";

/** A piece of text: on both sides, or on one. */
export interface Piece {
  readonly is: "same" | "removed" | "added";
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const context = 2;

/**
 * What changed from one text to the other: word by word where both are of one line, else line by
 * line with a little around it. The pieces that are not "removed" make up the newer text.
 */
export function changedWords(before: string, after: string): readonly Piece[] {
  if (before.includes("\n") || after.includes("\n")) return changedLines(before, after);
  return diffWordsWithSpace(before, after).map(({ added, removed, value }) => ({
    is: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
}

const signs = { " ": "same", "-": "removed", "+": "added" } as const;

function changedLines(before: string, after: string): readonly Piece[] {
  const { hunks } = structuredPatch("", "", `${before}\n`, `${after}\n`, undefined, undefined, {
    context,
  });
  return hunks.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      const sign = line.charAt(0);
      return sign === " " || sign === "-" || sign === "+"
        ? [{ is: signs[sign], text: `${line.slice(1)}\n` }]
        : [];
    }),
  );
}

import { styleText } from "node:util";
import { printable } from "../core/printable.ts";
import { count } from "../core/units.ts";
import { definitionOf } from "../schema/describe.ts";
import type { Difference } from "../schema/diff.ts";
import { changedWords, type Piece } from "../schema/words.ts";

const signs = { added: "+", removed: "-", changed: "~" } as const;
const colours = { added: "green", removed: "red", same: "reset" } as const;

/** What differs, an object at a time, with both definitions and the changed words marked. */
export function printDiff(differences: readonly Difference[], colour: boolean): string {
  if (differences.length === 0) return "No difference.";
  const blocks = differences.map((difference) => block(difference, colour).join("\n"));
  return [...blocks, summary(differences)].join("\n\n");
}

function block(difference: Difference, colour: boolean): readonly string[] {
  const { change, kind, identity, before, after, attributes, consequences, looksLike } = difference;
  const definition = {
    before: before === null ? "" : definitionOf(before),
    after: after === null ? "" : definitionOf(after),
  };
  const isToldByText = change !== "changed" || definition.before !== definition.after;
  return [
    `${signs[change]} ${printable(`${kind} ${identity}`)}`,
    ...(looksLike === undefined
      ? []
      : [
          `    looks ${change === "added" ? "like a rename of" : "renamed to"} ${printable(looksLike)}`,
        ]),
    ...(isToldByText
      ? textLines(definition, colour)
      : attributes.map(({ facet, attribute, before, after }) =>
          printable(
            `    ${facet}.${attribute}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
          ),
        )),
    ...(consequences.length === 0
      ? []
      : [
          printable(
            `    with it: ${consequences.map((c) => `${signs[c.change]} ${c.identity}`).join(", ")}`,
          ),
        ]),
  ];
}

interface Texts {
  readonly before: string;
  readonly after: string;
}

function textLines({ before, after }: Texts, colour: boolean): readonly string[] {
  if (before === "") return lines(after, "+", colour);
  if (after === "") return lines(before, "-", colour);
  const pieces = changedWords(before, after);
  const isOneLine = !before.includes("\n") && !after.includes("\n");
  if (colour && isOneLine) return [`    ${pieces.map(painted).join("")}`];
  if (isOneLine) return [...lines(before, "-", colour), ...lines(after, "+", colour)];
  return pieces.flatMap(({ is, text }) =>
    lines(text.replace(/\n$/, ""), is === "same" ? " " : is === "added" ? "+" : "-", colour),
  );
}

function lines(text: string, sign: "+" | "-" | " ", colour: boolean): readonly string[] {
  const is = sign === "+" ? "added" : sign === "-" ? "removed" : "same";
  return text.split("\n").map((line) => {
    const told = `    ${sign} ${printable(line)}`.trimEnd();
    return colour && is !== "same" ? styleText(colours[is], told, { validateStream: false }) : told;
  });
}

const painted = ({ is, text }: Piece): string =>
  is === "same"
    ? printable(text)
    : styleText(colours[is], printable(is === "removed" ? `[-${text}-]` : `{+${text}+}`), {
        validateStream: false,
      });

function summary(differences: readonly Difference[]): string {
  const of = (change: Difference["change"]) =>
    differences.filter((difference) => difference.change === change).length;
  return `${count(differences.length, "difference")}: ${of("added")} added, ${of("removed")} removed, ${of("changed")} changed`;
}

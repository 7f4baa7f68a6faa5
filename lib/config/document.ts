import { isAlias, isMap, isNode, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Path, Problem } from "./problem.ts";

/** What a file says, and where it says it. */
export interface ConfigDocument {
  readonly value: unknown;
  /** Of a key or of what stands behind it; of the nearest thing above where there is none. */
  place(path: Path, of: "key" | "value"): Pick<Problem, "line" | "column">;
}

/** Aliases may repeat so much, and no more: a few lines can otherwise mean gigabytes. */
const maxAliasCount = 100;

/** YAML 1.2, of which JSON is a part. Answers what is wrong with the text as such. */
export function readDocument(text: string): ConfigDocument | readonly Problem[] {
  const lines = new LineCounter();
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problem = (offset: number, message: string): Problem => ({
    ...placeOf(offset),
    path: [],
    message,
  });
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    version: "1.2",
  });
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    problem(pos[0], words[code] ?? message),
  );
  visit(document, {
    Pair(_, { key }) {
      const name = isNode(key) ? key.toString() : "";
      if (name === "__proto__") problems.push(problem(offsetOf(key), "this is no key"));
      if (name === "<<") problems.push(problem(offsetOf(key), noMerge));
    },
  });
  if (problems.length > 0) return problems;
  try {
    return {
      value: document.toJS({ maxAliasCount }),
      place: (path, of) => placeOf(offsetAt(document.contents, path, of)),
    };
  } catch {
    return [problem(0, "its aliases repeat too much, or themselves")];
  }

  function offsetAt(start: unknown, path: Path, of: "key" | "value"): number {
    let node: unknown = start;
    let offset = offsetOf(start);
    for (const [i, key] of path.entries()) {
      const container = isAlias(node) ? node.resolve(document) : node;
      if (isMap(container)) {
        const pair = container.items.find((item) => String(item.key) === String(key));
        if (pair === undefined) return offset;
        const isLast = i === path.length - 1;
        node = pair.value;
        offset = offsetOf(isLast && of === "value" && hasRange(node) ? node : pair.key);
      } else if (isSeq(container)) {
        node = container.items[Number(key)];
        if (!hasRange(node)) return offset;
        offset = offsetOf(node);
      }
    }
    return offset;
  }
}

const hasRange = (node: unknown): boolean => isNode(node) && Boolean(node.range);

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

const noMerge = "YAML 1.2 has no merge key (<<): a setting of an environment holds for its targets";

const words: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key stands here for the second time",
  MULTIPLE_DOCS: "a second document begins here: a configuration is one",
  TAB_AS_INDENT: "a tab indents here: YAML takes spaces alone",
};

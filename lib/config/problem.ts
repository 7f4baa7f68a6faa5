import { UsageError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";

/** Keys and indexes from the top: `environments`, `production`, `targets` … */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly path: Path;
  readonly message: string;
}

/** A configuration that cannot be used: every problem of it, each with its place. */
export class ConfigError extends UsageError {
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[], hint = "") {
    const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(inOrder.map((problem) => sayProblem(file, problem)).join("\n"), hint);
    this.file = file;
    this.problems = inOrder;
  }
}

const sayProblem = (file: string, { line, column, path, message }: Problem): string => {
  const where = path.length === 0 ? "" : `${sayPath(path)}: `;
  return printable(`${file}:${line}:${column}: ${where}${message}`);
};

/** `checks["locks/blocking-chain"].warning`, `ignore[2].until`. */
const sayPath = (path: Path): string =>
  path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[\w$-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return i === 0 ? key : `.${key}`;
    })
    .join("");

import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../core/errors.ts";

const names = ["pgvigil.config.yaml", "pgvigil.config.yml", "pgvigil.config.json"];

/**
 * The configuration of this folder or of the nearest one above it.
 *
 * @throws UsageError where a folder has two: either might be the one that is edited
 */
export async function findConfig(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found: string[] = [];
    for (const name of names) {
      const path = join(folder, name);
      await access(path).then(
        () => found.push(path),
        () => undefined,
      );
    }
    const [first, second] = found;
    if (second !== undefined) {
      throw new UsageError(
        `There are two configurations: ${found.join(", ")}.`,
        "Keep one of them.",
      );
    }
    if (first !== undefined || folder === dirname(folder)) return first;
  }
}

import { readdir, readFile } from "node:fs/promises";

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file under the folders, by path. */
export async function sourcesOf(...folders: readonly string[]): Promise<readonly Source[]> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true }))
        .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
        .filter((path) => path.endsWith(".ts")),
    ),
  );
  return Promise.all(
    lists
      .flat()
      .sort()
      .map(async (path) => ({ path, text: await readFile(path, "utf8") })),
  );
}

/** What a file imports, types included: relative paths resolved, packages by name. */
export function importsOf({ path, text }: Source): readonly string[] {
  const specifiers = [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, specifier = ""]) => specifier,
  );
  return specifiers.map((specifier) =>
    specifier.startsWith(".") ? new URL(specifier, `file:///${path}`).pathname.slice(1) : specifier,
  );
}

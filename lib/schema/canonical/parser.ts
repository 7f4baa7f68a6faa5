/** PostgreSQL's own parser: a tree, or nothing for what it does not understand. */
export type Parser = (sql: string) => unknown;

/**
 * 1.8 MB of WebAssembly and 25 ms: only for whoever needs it. Nothing where it was not brought along:
 * a function on AWS has no room for it (`lib/constructs/recipe.ts`).
 */
export async function loadParser(): Promise<Parser | undefined> {
  const library = await import("libpg-query").catch((error: unknown) => {
    if (Object(error).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  });
  if (library === undefined) return undefined;
  const { loadModule, parseSync } = library;
  await loadModule();
  return (sql) => {
    try {
      return parseSync(sql);
    } catch {
      return undefined; // then the texts are two, and told as such
    }
  };
}

/** PostgreSQL's own parser: a tree, or nothing for what it does not understand. */
export type Parser = (sql: string) => unknown;

/** 1.8 MB of WebAssembly and 25 ms: only for whoever needs it. */
export async function loadParser(): Promise<Parser> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (sql) => {
    try {
      return parseSync(sql);
    } catch {
      return undefined; // then the texts are two, and told as such
    }
  };
}

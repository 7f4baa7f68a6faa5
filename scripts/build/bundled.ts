import { type BuildOptions, build } from "esbuild";

/** One recipe for everything that Node runs out of dist/. */
export const bundled = (options: BuildOptions) =>
  build({
    bundle: true,
    platform: "node",
    target: "node22.18",
    format: "esm",
    minify: true,
    sourcemap: false,
    mainFields: ["module", "main"],
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'import { createRequire as pgvigilRequire } from "node:module"; const require = pgvigilRequire(import.meta.url);',
    },
    logLevel: "warning",
    ...options,
  });

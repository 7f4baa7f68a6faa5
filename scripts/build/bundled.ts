import { type BuildOptions, build } from "esbuild";
import { builtins } from "../../lib/constructs/builtins.ts";
import { rootsApart } from "../../lib/constructs/left-out.ts";

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
    plugins: [builtins, rootsApart],
    assetNames: "chunks/[name]-[hash]",
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
    },
    logLevel: "warning",
    ...options,
  });

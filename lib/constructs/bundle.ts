import { cpSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { buildSync } from "esbuild";

export const bundleNames = ["dispatch", "examine", "notify", "digest"] as const;
export type BundleName = (typeof bundleNames)[number];

/** Tests that look at the template alone leave the bundling out: `-c pgvigil:bundle=false`. */
export const bundleContext = "pgvigil:bundle";

/** The published package holds the bundles; in a checkout they are made from the sources. */
export function codeOf(scope: Construct, name: BundleName, config: string): Code {
  const folder = mkdtempSync(join(tmpdir(), "pgvigil-bundle-"));
  writeFileSync(join(folder, "config.json"), config);
  const wanted = scope.node.tryGetContext(bundleContext) !== "false";
  if (!wanted) writeFileSync(join(folder, "index.mjs"), "");
  else if (existsSync(built(name))) cpSync(built(name), folder, { recursive: true });
  else bundle(name, folder);
  return Code.fromAsset(folder);
}

const built = (name: BundleName): string => join(import.meta.dirname, "lambdas", name);

/** One ES module: what is loaded at a cold start is all that there is. */
export function bundle(name: BundleName, folder: string) {
  return buildSync({
    entryPoints: { index: join(import.meta.dirname, "..", "..", "lambdas", name, "index.ts") },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    metafile: true,
    mainFields: ["module", "main"],
    external: ["pg-native", "libpg-query"],
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'import { createRequire as pgvigilRequire } from "node:module"; const require = pgvigilRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

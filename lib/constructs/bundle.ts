import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Metafile } from "esbuild";

export const bundleNames = ["dispatch", "examine", "notify", "digest"] as const;
export type BundleName = (typeof bundleNames)[number];

/** Tests that look at the template alone leave the bundling out: `-c pgvigil:bundle=false`. */
export const bundleContext = "pgvigil:bundle";

/** By the app that they are made for: functions that are the same code are made once. */
const made = new WeakMap<object, Map<string, string>>();

/** The published package holds the bundles; in a checkout they are made from the sources. */
export function codeOf(scope: Construct, name: BundleName, config: string): Code {
  const folders = made.get(scope.node.root) ?? new Map<string, string>();
  made.set(scope.node.root, folders);
  const key = `${name} ${config}`;
  const folder = folders.get(key) ?? make(scope, name, config);
  folders.set(key, folder);
  return Code.fromAsset(folder);
}

function make(scope: Construct, name: BundleName, config: string): string {
  const folder = mkdtempSync(join(tmpdir(), "pgvigil-bundle-"));
  if (temporary.length === 0) process.once("exit", clear);
  temporary.push(folder);
  writeFileSync(join(folder, "config.json"), config);
  if (scope.node.tryGetContext(bundleContext) === "false") {
    writeFileSync(join(folder, "index.mjs"), `// ${name}`);
  } else if (existsSync(built(name))) cpSync(built(name), folder, { recursive: true });
  else bundle(name, folder);
  return folder;
}

/** CDK has copied them by the end. */
const temporary: string[] = [];
const clear = (): void => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
};

const built = (name: BundleName): string => join(import.meta.dirname, "lambdas", name);

const source = (...path: string[]): string => join(import.meta.dirname, "..", "..", ...path);

/** One ES module: what is loaded at a cold start is all that there is. */
export function bundle(name: BundleName, folder: string): Metafile {
  // Only a checkout has it.
  const { buildSync }: typeof import("esbuild") = createRequire(import.meta.url)("esbuild");
  const { metafile } = buildSync({
    entryPoints: { index: source("lambdas", name, "index.ts") },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    metafile: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    external: ["pg-native"],
    // Lambda hands credentials over in the environment: no files, no single sign-on, no metadata.
    alias: {
      "@aws-sdk/credential-provider-node": source("lib/adapters/aws/environment-credentials.ts"),
    },
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'import { createRequire as pgvigilRequire } from "node:module"; const require = pgvigilRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return metafile;
}

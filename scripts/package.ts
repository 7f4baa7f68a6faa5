import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageAssembly, templateName } from "./package/assembly.ts";

/** The stack without CDK: a template, archives, and the three commands that deploy them. */
const { values } = parseArgs({
  options: { config: { type: "string" }, out: { type: "string", default: "pgvigil-stack" } },
});
const published = join(import.meta.dirname, "app.js");
const app = existsSync(published) ? published : join(import.meta.dirname, "..", "bin", "app.ts");
const assembly = await mkdtemp(join(tmpdir(), "pgvigil-assembly-"));
const env = {
  ...process.env,
  CDK_OUTDIR: assembly,
  ...(values.config === undefined ? {} : { PGVIGIL_CONFIG: values.config }),
};
const { status } = spawnSync(process.execPath, [app], { env, stdio: "inherit" });
if (status === 0) {
  const out = values.out;
  const files = await packageAssembly(assembly, "Pgvigil", out);
  console.log(`Written to ${out}: ${files.join(", ")}

Deploy it with the AWS CLI, in the region of aws.region. BUCKET is a name of yours, new in the world:

  aws s3 mb s3://BUCKET
  aws cloudformation package --template-file ${join(out, templateName)} --s3-bucket BUCKET --use-json --output-template-file ${join(out, "packaged.json")}
  aws cloudformation deploy --template-file ${join(out, "packaged.json")} --s3-bucket BUCKET --stack-name pgvigil --capabilities CAPABILITY_IAM`);
}
await rm(assembly, { recursive: true, force: true });
process.exitCode = status ?? 1;

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, zip } from "./zip.ts";

interface Template {
  Parameters?: Record<string, unknown>;
  Rules?: Record<string, unknown>;
  readonly Resources: Record<string, Resource>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { Code?: unknown };
  Metadata?: unknown;
}

export const templateName = "pgvigil.template.json";

/**
 * What CDK synthesized, as `aws cloudformation package` takes it: functions name archives beside
 * the template, and nothing asks for what `cdk bootstrap` makes.
 *
 * @param from the cloud assembly
 * @returns the names of the files that were written
 */
export async function packageAssembly(
  from: string,
  stack: string,
  to: string,
): Promise<readonly string[]> {
  const template: Template = await json(join(from, `${stack}.template.json`));
  const { files } = await json(join(from, `${stack}.assets.json`));
  await mkdir(to, { recursive: true });
  const archives = new Map<string, string>();
  for (const [hash, { source }] of Object.entries<{ source: Source }>(files)) {
    if (source.packaging !== "zip") continue;
    const name = `${hash.slice(0, 16)}.zip`;
    await writeFile(join(to, name), zip(await entriesOf(join(from, source.path))));
    archives.set(`${hash}.zip`, name);
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    delete resource.Metadata;
    if (resource.Type !== "AWS::Lambda::Function" || resource.Properties === undefined) continue;
    const archive = archives.get(String(Object(resource.Properties.Code).S3Key));
    if (archive === undefined) throw new Error(`${id}: its code is in no archive`);
    resource.Properties.Code = `./${archive}`;
  }
  delete template.Parameters?.BootstrapVersion;
  delete template.Rules?.CheckBootstrapVersion;
  for (const part of ["Parameters", "Rules"] as const) {
    if (Object.keys(template[part] ?? {}).length === 0) delete template[part];
  }
  await writeFile(join(to, templateName), `${JSON.stringify(template, null, 1)}\n`);
  return [templateName, ...new Set(archives.values())];
}

interface Source {
  readonly path: string;
  readonly packaging: string;
}

const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({ name, body: await readFile(join(folder, name)) })),
  );
}

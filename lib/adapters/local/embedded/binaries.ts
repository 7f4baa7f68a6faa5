import { constants } from "node:fs";
import { cp, lstat, readFile, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import * as z from "zod";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { giveTo, openFolders } from "./folder.ts";
import type { Installation } from "./installed.ts";
import { run } from "./run.ts";

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Where the programs can be run from: the package itself, or, where it is read-only and lacks its
 * links or the server's account may not enter it (a checkout in /root), a copy in `folder`.
 */
export async function usableBinaries(
  { native, version }: Installation,
  folder: string,
  account: Account | undefined,
): Promise<string> {
  const starts = (root: string) =>
    run(join(root, "bin", "postgres"), ["--version"], { account, cwd: folder });

  if ((await makeLinks(native, native)) && (await starts(native)).ok) return native;

  const copy = join(folder, "postgres");
  for (const part of ["bin", "lib", "share"]) {
    await cp(join(native, part), join(copy, part), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
  }
  openFolders(copy);
  await makeLinks(native, copy);
  giveTo(account, copy);
  const { ok, output } = await starts(copy);
  if (ok) return copy;
  throw new EmbeddedPostgresError(
    `PostgreSQL ${version} from ${native} does not run here, nor does a copy of it: ${output}`,
    "Its programs need glibc (Alpine has none) and a temporary folder that is not mounted noexec" +
      " (set TMPDIR). Or give pgvigil the URL of a PostgreSQL that runs already.",
  );
}

/**
 * npm packages cannot hold symbolic links: a list of them comes along and is made at install,
 * unless scripts are off. Several processes may do this at once: whoever comes second finds them.
 * False where the folder is not ours to write.
 */
async function makeLinks(native: string, into: string): Promise<boolean> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = linksSchema.parse(JSON.parse(list));
  const made = await Promise.all(
    links.map(({ source, target }) =>
      makeLink(relative(dirname(target), source), join(into, relative("native", target))),
    ),
  );
  return made.every(Boolean);
}

const makeLink = (source: string, path: string): Promise<boolean> =>
  symlink(source, path).then(
    () => true,
    () => lstat(path).then(Boolean, () => false),
  );

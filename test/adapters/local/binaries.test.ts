import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accountForServer } from "../../../lib/adapters/local/embedded/account.ts";
import { usableBinaries } from "../../../lib/adapters/local/embedded/binaries.ts";
import { findInstallation } from "../../../lib/adapters/local/embedded/installed.ts";

const account = accountForServer();
const isRoot = account !== undefined;
const newest = findInstallation();

/** A package as `npm ci --ignore-scripts` leaves it, and the folder of a server. */
async function freshPackage() {
  const root = await mkdtemp(join(tmpdir(), "package-"));
  await chmod(root, 0o755);
  const native = join(root, "native");
  const filter = async (source: string) => !(await lstat(source)).isSymbolicLink();
  await cp(newest.native, native, { recursive: true, filter });
  const folder = join(root, "folder");
  await mkdir(folder, { mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  return {
    installation: { ...newest, native },
    native,
    folder,
    async [Symbol.asyncDispose]() {
      await chmod(join(native, "lib"), 0o755);
      await rm(root, { recursive: true });
    },
  };
}

test("links that the package's install script would have made are made, by two at once", async () => {
  await using fresh = await freshPackage();
  const { installation, native, folder } = fresh;
  const both = () => usableBinaries(installation, folder, account);
  expect(await Promise.all([both(), both()])).toEqual([native, native]);
  expect(await readdir(folder)).toEqual([]);
});

test.skipIf(!isRoot)("root's server runs from a copy where its account may not enter", async () => {
  await using fresh = await freshPackage();
  const { installation, native, folder } = fresh;
  await chmod(native, 0o700);
  expect(await usableBinaries(installation, folder, account)).toBe(join(folder, "postgres"));
});

test.skipIf(isRoot)("a package without its links that is read-only is copied", async () => {
  await using fresh = await freshPackage();
  const { installation, native, folder } = fresh;
  await chmod(join(native, "lib"), 0o555);
  expect(await usableBinaries(installation, folder, account)).toBe(join(folder, "postgres"));
});

test("a package that cannot run here is told with what its program said", async () => {
  await using fresh = await freshPackage();
  const { installation, native, folder } = fresh;
  await chmod(join(native, "bin", "postgres"), 0o644);
  await expect(usableBinaries(installation, folder, account)).rejects.toThrow(
    /does not run here, nor does a copy of it: .*EACCES/,
  );
});

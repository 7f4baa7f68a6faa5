import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const inMemory = "/dev/shm";
const enough = 3 * 1024 ** 3;

/**
 * A folder of this run, gone with it, where the suite's servers keep their files: in memory where there is room. A database a test is
 * some three hundred files, which a disk takes five times as long to make.
 */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(parent(), "pgvigil-suite-"));
  chmodSync(folder, 0o711); // a server that is started by root runs as somebody else
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function parent(): string {
  try {
    accessSync(inMemory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= enough ? inMemory : tmpdir();
  } catch {
    return tmpdir(); // no such folder: macOS, or a container without one
  }
}

import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { promisify } from "node:util";

/** Who approves, for a seal: git's e-mail where there is one, else user@host. */
export async function whoIsThere(cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["config", "user.email"], { cwd });
    if (stdout.trim() !== "") return stdout.trim();
  } catch {
    // No git, or no e-mail in it: the account will do.
  }
  return `${accountName()}@${hostname()}`;
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown"); // a uid without a name, as in containers
  }
}

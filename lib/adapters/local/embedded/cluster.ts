import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { giveTo } from "./folder.ts";
import { run } from "./run.ts";

export interface ClusterOptions {
  readonly binaries: string;
  readonly folder: string;
  readonly data: string;
  readonly account: Account | undefined;
  readonly user: string;
  readonly password: string;
  /** Further words for initdb; they win over ours. */
  readonly initdbArgs: readonly string[];
  onPid(pid: number | undefined): void;
}

/** A new, empty cluster. Not synced to disk: it is removed when its server stops. */
export async function createCluster(options: ClusterOptions): Promise<void> {
  const { binaries, folder, data, account, user, password, initdbArgs, onPid } = options;
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(account, passwordFile);
  const words = [
    ...["--pgdata", data, "--username", user, "--pwfile", passwordFile],
    ...["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync", ...initdbArgs],
  ];
  const { ok, output } = await run(join(binaries, "bin", "initdb"), words, {
    account,
    cwd: folder,
    onPid,
  });
  onPid(undefined);
  await rm(passwordFile);
  if (ok) return;
  throw new EmbeddedPostgresError(
    `initdb could not make a new cluster in ${data}: ${output}`,
    output.includes("could not look up effective user ID")
      ? "This user has no line in /etc/passwd: add one, or run as a user that has."
      : "Its own words are above; a full disk and a TMPDIR that is not writable are usual.",
  );
}
